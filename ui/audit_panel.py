"""The page Protokol: the own organisation's rows of the audit log, page by page, and its check."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

import pandas as pd
import streamlit as st

from actions.activity import only_worker
from actions.audit_view import AuditGroup, AuditLine, audit_lines
from domain.errors import AppError, NotFoundError, NotPermittedError
from domain.place import PlaceState
from domain.roles import Permission, Role
from geo.boundaries import city_part_name
from layers.registry import all_layers
from store import utc_now
from store.pages import Page
from ui.history_panel import KNOWN_REASONS, who
from ui.inbox_panel import name_of
from ui.links import link_to
from ui.list_pages import draw_pages, first_page, key_after, list_block
from ui.localisation import PRAGUE, Messages
from ui.plain import escape_markdown, heading, quiet_line
from ui.session import AppSession

_LIST = "audit"
_COLUMNS = ("at", "action", "by", "subject", "facts")
_SYSTEM = frozenset({"retention", "erasure-ledger", "operator-command", "unknown", ""})


def show_audit(session: AppSession) -> None:
    """Draw the chosen rows of the log."""
    messages = session.messages
    st.title(messages("page-audit"), anchor=False)
    try:
        session.require(Permission.SEE_AUDIT)
        alone = only_worker(session.store, session.actor.organisation_id) is not None
        quiet_line(messages("audit-what-alone" if alone else "audit-what"))
        group = st.selectbox(
            messages("audit-group"), list(AuditGroup), format_func=lambda one: messages(f"audit-group-{one.value}"),
            width=320, on_change=first_page, args=(_LIST,),
        )  # fmt: skip
        page = audit_lines(
            session.store, session.actor, session.clearance, now=utc_now(), group=group or AuditGroup.ALL,
            after=key_after(_LIST),
        )  # fmt: skip
    except AppError as error:
        for sentence in messages.sentences(error):
            st.warning(escape_markdown(sentence))
        return
    with list_block(_LIST):
        _draw_lines(session, page)
        draw_pages(messages, _LIST, page)
    _draw_verify(session)


def _draw_lines(session: AppSession, page: Page[AuditLine]) -> None:
    messages = session.messages
    if page.rows:
        rows = [_texts(session, line) for line in page.rows]
        columns = [messages(f"audit-column-{column}") for column in _COLUMNS]
        wide = {columns[-1]: st.column_config.TextColumn(width="large")}
        st.dataframe(pd.DataFrame(rows, columns=columns), hide_index=True, width="stretch", column_config=wide)
    elif key_after(_LIST) is None:
        st.text(messages("audit-empty"))
        link_to("mapa", messages, messages("audit-empty-do"))


def _draw_verify(session: AppSession) -> None:
    messages = session.messages
    heading(messages("audit-verify"))
    quiet_line(messages("audit-verify-what"))
    if not st.button(messages("audit-verify"), key="audit_verify"):
        return
    problems = session.store.audit.verify()
    for problem in problems:
        st.warning(escape_markdown(messages.problem(problem)))
    if not problems:
        head = session.store.audit.head()
        st.success(messages("audit-verified", rows=messages.number(head.seq if head else 0)))


def _texts(session: AppSession, line: AuditLine) -> tuple[str, ...]:
    messages = session.messages
    key = f"audit-action-{line.action.replace('.', '-').replace('_', '-')}"
    local = line.at.astimezone(PRAGUE)
    facts = [_fact(session, name, value) for name, value in line.facts]
    return (
        f"{messages.date(line.at)} {local:%H:%M}",
        messages(key) if messages.has(key) else line.action,
        _who(session, line),
        _subject(session, line),
        messages("audit-erased") if line.is_erased else " · ".join(fact for fact in facts if fact),
    )


def _who(session: AppSession, line: AuditLine) -> str:
    messages = session.messages
    if line.organisation_id != session.actor.organisation_id:
        return messages("audit-by-organisation", organisation=_organisation(session, line.organisation_id))
    if line.by is None:
        return messages("audit-by-team")
    return messages("audit-by-system") if line.by in _SYSTEM else who(session, line.by)


def _subject(session: AppSession, line: AuditLine) -> str:
    """Return what a row is about in words; an id without words is shown nobody."""
    messages = session.messages
    if line.organisation_id != session.actor.organisation_id:
        return messages("audit-own-places")
    if line.place is not None:
        return name_of(session, line.place)
    if line.city_part:
        return city_part_name(line.city_part)
    named: Mapping[str, Callable[[str], str]] = {
        "layer": partial(_layer, messages),
        "organisation": partial(_organisation, session),
        "account": partial(_account, session),
        **dict.fromkeys(("setting", "route", "function", "trail"), str),
    }
    return named[line.entity](line.entity_id) if line.entity in named else ""


def _organisation(session: AppSession, organisation_id: str) -> str:
    try:
        return session.store.organisations.get(organisation_id).name
    except NotFoundError:
        return ""


def _account(session: AppSession, account_id: str) -> str:
    """Return the name of an account of the own organisation, the pseudonym of one without."""
    try:
        account = session.store.accounts.get(account_id)
    except NotFoundError:
        return ""
    is_own = account.organisation_id == session.actor.organisation_id
    return account.name if is_own and account.name else account.pseudonym


def _layer(messages: Messages, layer_id: str) -> str:
    layer = all_layers().get(layer_id)
    return layer.title.to(messages.language) if layer else layer_id


def _fact(session: AppSession, name: str, value: str) -> str:
    """Return a value of a payload in words."""
    messages = session.messages
    if name in {"role", "before", "detail"} and value in {role.value for role in Role}:
        return messages(f"role-{value.replace('_', '-')}")
    if name == "state" and value in {state.value for state in PlaceState}:
        return messages(f"place-state-{value}")
    named: Mapping[str, Callable[[], str]] = {
        "reason": lambda: messages(KNOWN_REASONS[value]) if value in KNOWN_REASONS else value,
        "with": lambda: _organisation(session, value),
        "until": lambda: messages("audit-until", date=messages.date(datetime.fromisoformat(value))),
        "code": lambda: messages.error(NotPermittedError(value)),
        # "place <id>": that a whole record was opened; an id says nothing to anybody.
        "detail": lambda: "" if value.startswith("place ") else _layer(messages, value),
    }
    return named[name]() if name in named else value
