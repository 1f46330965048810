"""Possible duplicates side by side on one small map, with three buttons."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from actions.merge_places import PossibleDuplicate, decide_pair, merge_places
from domain.vocabulary import COARSE_KIND_LABELS, LANGUAGES_HEARD, CoarseKind
from geo.boundaries import city_part_name
from geo.disclosure import DisclosedPlace, Precision
from store.pages import Page
from ui.pair_map import pair_svg
from ui.panel_state import new_id
from ui.place_panel import label_of
from ui.plain import escape_markdown, heading, quiet_line
from ui.session import AppSession

Act = Callable[[AppSession, Callable[[], object], str], None]


def draw_duplicates(session: AppSession, pairs: Page[PossibleDuplicate], count: int, act: Act) -> None:
    """Draw a page of the `count` pairs, the likeliest first."""
    messages = session.messages
    heading(messages("duplicates-title", count=count))
    quiet_line(messages("duplicates-what"))
    for pair in pairs.rows:
        with st.container(border=True):
            if pair.is_across:
                _draw_across(session, pair, act)
            else:
                _draw_own(session, pair, act)


def _draw_own(session: AppSession, pair: PossibleDuplicate, act: Act) -> None:
    messages = session.messages
    other = pair.other
    assert other is not None
    st.text(_why(session, pair))
    points = [
        (letter, place.position) for letter, place in (("A", pair.own), ("B", other))
        if place.position is not None and place.precision is Precision.EXACT
    ]  # fmt: skip
    if points:
        st.image(pair_svg(points, label=messages("duplicates-map")))
    facts_a, facts_b = (_facts(session, place) for place in (pair.own, other))
    columns = {"A": list(facts_a.values()), "B": list(facts_b.values())}
    st.table(pd.DataFrame(columns, index=[escape_markdown(name) for name in facts_a]))
    # The id of the merge is made when the pair is drawn: a second press is the same merge.
    merge_id = _merge_id(pair)
    with st.container(horizontal=True):
        for kept, absorbed, letter in ((pair.own, other, "a"), (other, pair.own, "b")):

            def merge(kept: DisclosedPlace = kept, absorbed: DisclosedPlace = absorbed) -> None:
                merge_places(session.store, merge_id, session.actor, session.clearance, kept=kept, absorbed=absorbed)

            st.button(
                messages(f"duplicates-keep-{letter}"), key=f"keep_{letter}_{pair.own_id}_{pair.other_id}",
                on_click=act, args=(session, merge, messages("duplicates-merged")),
            )  # fmt: skip
        _different(session, pair, act, merge_id)


def _draw_across(session: AppSession, pair: PossibleDuplicate, act: Act) -> None:
    """Show the other organisation's place as its area alone."""
    messages = session.messages
    kind = COARSE_KIND_LABELS[CoarseKind(pair.coarse_kind)].to(messages.language)
    st.text(messages("duplicates-across", name=pair.own.name or messages("place-unnamed")))
    facts = [kind, city_part_name(pair.city_part), messages("duplicates-across-month", month=pair.month or "–")]
    st.text(" · ".join(facts))
    quiet_line(messages("duplicates-across-what"))
    own = pair.own.position if pair.own.precision is Precision.EXACT else None
    if pair.cell:
        st.image(pair_svg([("A", own)] if own else [], cell=pair.cell, label=messages("duplicates-map")))
    merge_id = _merge_id(pair)

    def agree() -> None:
        decide_pair(session.store, merge_id, pair, session.actor, session.clearance, is_same=True)

    with st.container(horizontal=True):
        st.button(
            messages("duplicates-same"), key=f"same_{pair.own_id}_{pair.other_id}", on_click=act,
            args=(session, agree, messages("duplicates-agreed")),
        )  # fmt: skip
        _different(session, pair, act, merge_id)


def _different(session: AppSession, pair: PossibleDuplicate, act: Act, merge_id: str) -> None:
    def differ() -> None:
        decide_pair(session.store, merge_id, pair, session.actor, session.clearance, is_same=False)

    st.button(
        session.messages("duplicates-different"), key=f"different_{pair.own_id}_{pair.other_id}", on_click=act,
        args=(session, differ, session.messages("duplicates-told-apart")),
    )  # fmt: skip


def _merge_id(pair: PossibleDuplicate) -> str:
    key = f"merge_id_{pair.own_id}_{pair.other_id}_{pair.own.revision}"
    if key not in st.session_state:
        st.session_state[key] = new_id()
    return str(st.session_state[key])


def _why(session: AppSession, pair: PossibleDuplicate) -> str:
    messages = session.messages
    parts = []
    if pair.distance_m is not None:
        parts.append(messages("duplicates-distance", metres=messages.number(pair.distance_m)))
    parts.append(messages("duplicates-same-kind" if pair.same_kind else "duplicates-other-kind"))
    if pair.shared_words:
        parts.append(messages("duplicates-words", words=", ".join(pair.shared_words)))
    return " · ".join(parts)


def _facts(session: AppSession, place: DisclosedPlace) -> dict[str, str]:
    messages = session.messages
    language = messages.language
    values = {
        "field-name": place.name,
        "field-kind": label_of(messages, "typ_lokality", place.kind),
        "history-field-city-part": city_part_name(place.city_part),
        "field-headcount": label_of(messages, "pocet_lidi", place.headcount),
        "field-access": label_of(messages, "pristup", place.access),
        "field-languages": ", ".join(LANGUAGES_HEARD[code].to(language) for code in place.languages),
        "field-note": place.note,
        "duplicates-visits": (
            messages("duplicates-visits-value", count=place.visit_count, date=messages.date(place.last_visit_on))
            if place.last_visit_on
            else messages.number(place.visit_count or 0)
        ),
        "history-field-state": messages(f"place-state-{place.state.value}") if place.state else "",
    }
    return {messages(key): escape_markdown(value or "–") for key, value in values.items()}
