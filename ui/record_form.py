"""The forms of the panel: mark a place, visit it again, correct it. Short by default."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from actions.record_place import (
    PersonalDataSuspected,
    PossibleDuplicates,
    correct_place,
    record_place,
    undo_record,
    visit_again,
)
from domain.errors import AppError, StaleRevisionError
from domain.place import NAME_MAX_LENGTH, NOTE_MAX_LENGTH, PlaceDraft, PlaceRecord, VisitDraft
from domain.vocabulary import LANGUAGES_HEARD, Scope, terms
from geo.boundaries import boundaries
from geo.locate import OutsidePrague, locate
from ui.panel_state import CLOSED, Panel, PanelKind, new_id
from ui.session import AppSession

SetPanel = Callable[[Panel], None]
UNDO_SAVED = "saved_note"


def draw_new(session: AppSession, panel: Panel, set_panel: SetPanel) -> None:
    """Draw the form for a new place at the panel's position, or with a city part alone."""
    messages = session.messages
    if _draw_saved_note(session, panel, set_panel):
        return
    st.subheader(messages("record-title"))
    located = _draw_where(session, panel)
    if located is False:
        return
    prefix = f"new_{panel.draft_id}"
    with st.form(f"{prefix}_form", border=False):
        city_part = None if panel.position else _city_part_choice(session, f"{prefix}_city_part")
        kind = _pills(session, "record-kind", "typ_lokality", Scope.PLACE, f"{prefix}_kind")
        outcome = _pills(session, "record-outcome", "vysledek_kontaktu", Scope.VISIT, f"{prefix}_outcome")
        name = st.text_input(
            messages("record-name"), key=f"{prefix}_name", help=messages("record-name-help"), max_chars=None
        )
        with st.expander(messages("record-more")):
            visit_values = _visit_fields(session, prefix)
            place_values = _place_fields(session, prefix)
        saved = st.form_submit_button(messages("record-save"), type="primary", width="stretch")
    draft = PlaceDraft(
        id=panel.draft_id, kind=kind or "", name=name, position=panel.position, city_part=city_part, **place_values
    )
    visit = _visit_draft(f"{prefix}_visit_id", outcome, visit_values, place_id=panel.draft_id)
    if outcome is None and (visit_values["needs"] or visit_values["barriers"]):
        visit = VisitDraft(id=visit.id, place_id=panel.draft_id, outcome="", happened_on=visit_values["happened_on"])

    def save() -> PlaceRecord:
        return record_place(
            session.store, draft, session.actor, today=session.today,
            visit=visit if outcome or visit_values["needs"] or visit_values["barriers"] else None,
            accept_duplicates=bool(st.session_state.get(f"{prefix}_accept_duplicates")),
            accept_personal=bool(st.session_state.get(f"{prefix}_accept_personal")),
        )  # fmt: skip

    _try_to_save(session, prefix, saved, save, set_panel)


def draw_visit(session: AppSession, panel: Panel, set_panel: SetPanel) -> None:
    """Draw the form for another visit of a place."""
    messages = session.messages
    st.subheader(messages("visit-title"))
    prefix = f"visit_{panel.draft_id}"
    with st.form(f"{prefix}_form", border=False):
        outcome = _pills(session, "record-outcome", "vysledek_kontaktu", Scope.VISIT, f"{prefix}_outcome")
        values = _visit_fields(session, prefix)
        note = st.text_area(messages("record-note"), key=f"{prefix}_note", help=messages("record-note-help"))
        saved = st.form_submit_button(messages("record-save"), type="primary", width="stretch")

    def save() -> None:
        visit_again(
            session.store,
            VisitDraft(id=panel.draft_id, place_id=panel.id, outcome=outcome or "", note=note, **values),
            session.actor,
            today=session.today,
            accept_personal=bool(st.session_state.get(f"{prefix}_accept_personal")),
        )

    if saved or st.session_state.pop(f"{prefix}_again", False):
        _guard(session, prefix, save, done=lambda: _back_to_place(panel, set_panel, "visit-saved"))


def draw_edit(session: AppSession, panel: Panel, set_panel: SetPanel) -> None:
    """Draw the form that corrects a place; a stale edit shows both versions, field by field."""
    messages = session.messages
    record: PlaceRecord = st.session_state[f"edited_{panel.id}"]
    st.subheader(messages("edit-title"))
    st.caption(messages("edit-revision", revision=record.revision))
    prefix = f"edit_{panel.id}_{record.revision}"
    with st.form(f"{prefix}_form", border=False):
        kind = _pills(session, "record-kind", "typ_lokality", Scope.PLACE, f"{prefix}_kind", default=record.kind)
        name = st.text_input(messages("record-name"), value=record.name, key=f"{prefix}_name")
        place_values = _place_fields(session, prefix, record=record)
        saved = st.form_submit_button(messages("edit-save"), type="primary", width="stretch")
    draft = PlaceDraft(
        id=record.id, kind=kind or "", name=name, position=panel.position or record.position,
        city_part=None if (panel.position or record.position) else record.city_part, **place_values,
    )  # fmt: skip

    def save() -> None:
        correct_place(
            session.store, draft, session.actor, revision=record.revision, today=session.today,
            accept_personal=bool(st.session_state.get(f"{prefix}_accept_personal")),
        )  # fmt: skip

    if saved or st.session_state.pop(f"{prefix}_again", False):
        _guard(
            session, prefix, save, done=lambda: _back_to_place(panel, set_panel, "edit-saved"),
            stale=lambda error: _draw_stale(session, draft, error, panel),
        )  # fmt: skip


def _draw_where(session: AppSession, panel: Panel) -> bool | None:
    """Say where the point lies; return False where nothing can be marked there."""
    messages = session.messages
    if panel.position is None:
        st.caption(messages("record-without-position"))
        return None
    found = locate(panel.position)
    names = boundaries().city_parts["name"]
    if isinstance(found, OutsidePrague):
        st.warning(
            messages(
                "record-outside", km=messages.number(found.distance_km, 1), city_part=names[found.nearest_city_part]
            )
        )
        return False
    st.text(messages("record-where", city_part=names[found.city_part]))
    if found.border_city_part:
        st.caption(messages("record-on-border", city_part=names[found.border_city_part]))
    return True


def _draw_saved_note(session: AppSession, panel: Panel, set_panel: SetPanel) -> bool:
    note = st.session_state.get(UNDO_SAVED)
    if not note or note["draft_id"] != panel.draft_id:
        return False
    messages = session.messages
    record: PlaceRecord = note["record"]
    st.subheader(messages("saved-title"))
    st.text(messages("saved-where", city_part=boundaries().city_parts["name"][record.city_part]))

    def undo() -> None:
        undo_record(session.store, record.id, session.actor, revision=record.revision)
        st.session_state.pop(UNDO_SAVED, None)
        set_panel(CLOSED)

    with st.container(key="saved_actions"):
        st.button(messages("saved-undo"), on_click=undo, width="stretch")
        st.button(
            messages("saved-open"), width="stretch", on_click=set_panel,
            args=(Panel(kind=PanelKind.PLACE, layer="places", id=record.id, position=record.position),),
        )  # fmt: skip
        st.button(
            messages("saved-another"), width="stretch", on_click=set_panel,
            args=(Panel(kind=PanelKind.RECORD, draft_id=new_id()),),
        )  # fmt: skip
    return True


def _try_to_save(
    session: AppSession, prefix: str, saved: bool, save: Callable[[], PlaceRecord], set_panel: SetPanel  # noqa: FBT001
) -> None:
    if not (saved or st.session_state.pop(f"{prefix}_again", False)):
        return
    kept: list[PlaceRecord] = []

    def run() -> None:
        kept.append(save())

    def done() -> None:
        st.session_state[UNDO_SAVED] = {"draft_id": kept[0].id, "record": kept[0]}
        st.rerun(scope="fragment")

    _guard(session, prefix, run, done=done, set_panel=set_panel)


def _guard(
    session: AppSession,
    prefix: str,
    save: Callable[[], None],
    *,
    done: Callable[[], None],
    set_panel: SetPanel | None = None,
    stale: Callable[[StaleRevisionError], None] | None = None,
) -> None:
    """Save, or say in a sentence why not; what was typed stays in the form."""
    messages = session.messages
    try:
        save()
    except PossibleDuplicates as error:
        _draw_duplicates(session, prefix, error, set_panel)
    except PersonalDataSuspected as error:
        st.warning(messages("record-personal", found=", ".join(error.found)))
        st.button(messages("record-personal-save"), on_click=_accept, args=(prefix, "accept_personal"))
    except StaleRevisionError as error:
        if stale is None:
            raise
        stale(error)
    except AppError as error:
        for sentence in messages.sentences(error):
            st.warning(sentence)
    else:
        done()


def _accept(prefix: str, what: str) -> None:
    st.session_state[f"{prefix}_{what}"] = True
    st.session_state[f"{prefix}_again"] = True


def _draw_duplicates(
    session: AppSession, prefix: str, error: PossibleDuplicates, set_panel: SetPanel | None
) -> None:
    messages = session.messages
    st.warning(messages("record-duplicates", count=len(error.places)))
    for place, distance_m in error.places:
        st.text(f"{place.name or messages('place-unnamed')} · {messages.number(distance_m)} m")
        if set_panel:
            st.button(
                messages("record-duplicate-visit"), key=f"{prefix}_dup_{place.id}", on_click=set_panel,
                args=(Panel(kind=PanelKind.VISIT, layer="places", id=place.id, draft_id=new_id()),),
            )  # fmt: skip
    st.button(messages("record-duplicate-save"), on_click=_accept, args=(prefix, "accept_duplicates"))


def _draw_stale(session: AppSession, mine: PlaceDraft, error: StaleRevisionError, panel: Panel) -> None:
    messages = session.messages
    theirs = error.current
    assert isinstance(theirs, PlaceRecord)
    st.warning(messages("edit-stale"))
    for field in ("kind", "name", "note", "headcount", "access", "languages", "target_groups"):
        ours, now = getattr(mine, field), getattr(theirs, field)
        if ours != now:
            st.caption(messages(f"field-{field.replace('_', '-')}"))
            st.text(messages("edit-stale-mine", value=_plain(ours)))
            st.text(messages("edit-stale-theirs", value=_plain(now)))

    def take_mine() -> None:
        prefix = f"edit_{panel.id}_{theirs.revision}"
        st.session_state[f"edited_{panel.id}"] = theirs
        for field in ("kind", "name", "note", "headcount", "access", "languages", "target_groups"):
            st.session_state[f"{prefix}_{field}"] = _widget_value(getattr(mine, field))

    def take_theirs() -> None:
        st.session_state[f"edited_{panel.id}"] = theirs

    st.button(messages("edit-stale-continue"), on_click=take_mine, type="primary")
    st.button(messages("edit-stale-take-theirs"), on_click=take_theirs)


def _back_to_place(panel: Panel, set_panel: SetPanel, message: str) -> None:
    st.session_state["place_message"] = message
    set_panel(Panel(kind=PanelKind.PLACE, layer="places", id=panel.id, position=panel.position))
    st.rerun(scope="fragment")


def _visit_draft(key: str, outcome: str | None, values: Mapping[str, Any], *, place_id: str) -> VisitDraft:
    if key not in st.session_state:
        st.session_state[key] = new_id()
    return VisitDraft(id=st.session_state[key], place_id=place_id, outcome=outcome or "", **values)


def _visit_fields(session: AppSession, prefix: str) -> dict[str, Any]:
    messages = session.messages
    happened_on = st.date_input(
        messages("record-when"), value=session.today, key=f"{prefix}_when", format="DD.MM.YYYY", min_value=None
    )
    return {
        "happened_on": happened_on,
        "form": _select(session, "record-form", "forma_terenu", Scope.VISIT, f"{prefix}_outreach") or "prima",
        "contacts": _pills(session, "record-contacts", "pocet_kontaktu", Scope.VISIT, f"{prefix}_contacts"),
        "languages": _languages(session, "record-languages-visit", f"{prefix}_visit_languages", ()),
        "needs": _many(session, "record-needs", "potreba", Scope.VISIT, f"{prefix}_needs", ()),
        "barriers": _many(session, "record-barriers", "bariera", Scope.VISIT, f"{prefix}_barriers", ()),
    }


def _place_fields(session: AppSession, prefix: str, *, record: PlaceRecord | None = None) -> dict[str, Any]:
    messages = session.messages
    if record is None:
        languages, groups, headcount, access, note = (), (), None, None, ""
    else:
        languages, groups = record.languages, record.target_groups
        headcount, access, note = record.headcount, record.access, record.note
    return {
        "languages": _languages(session, "record-languages", f"{prefix}_languages", languages),
        "target_groups": _many(
            session, "record-target-groups", "cilova_skupina", Scope.PLACE, f"{prefix}_target_groups", groups
        ),
        "headcount": _pills(
            session, "record-headcount", "pocet_lidi", Scope.PLACE, f"{prefix}_headcount", default=headcount
        ),
        "access": _pills(session, "record-access", "pristup", Scope.PLACE, f"{prefix}_access", default=access),
        "note": st.text_area(
            messages("record-note"), value=note, key=f"{prefix}_note", help=messages("record-note-help")
        ),
    }


def _labels(session: AppSession, vocabulary: str, scope: Scope) -> dict[str, str]:
    return {term.code: term.label.to(session.messages.language) for term in terms(vocabulary, scope)}


def _pills(
    session: AppSession, label: str, vocabulary: str, scope: Scope, key: str, *, default: str | None = None
) -> str | None:
    labels = _labels(session, vocabulary, scope)
    chosen = st.pills(
        session.messages(label), options=list(labels), format_func=labels.__getitem__, key=key,
        default=None if key in st.session_state else default,
    )  # fmt: skip
    return str(chosen) if chosen else None


def _select(session: AppSession, label: str, vocabulary: str, scope: Scope, key: str) -> str | None:
    labels = _labels(session, vocabulary, scope)
    chosen = st.selectbox(session.messages(label), options=list(labels), format_func=labels.__getitem__, key=key)
    return str(chosen) if chosen else None


def _many(
    session: AppSession, label: str, vocabulary: str, scope: Scope, key: str, default: Sequence[str]
) -> tuple[str, ...]:
    labels = _labels(session, vocabulary, scope)
    chosen = st.multiselect(
        session.messages(label), options=list(labels), format_func=labels.__getitem__, key=key,
        default=None if key in st.session_state else list(default), placeholder=session.messages("choose"),
    )  # fmt: skip
    return tuple(chosen)


def _languages(session: AppSession, label: str, key: str, default: Sequence[str]) -> tuple[str, ...]:
    language = session.messages.language
    chosen = st.multiselect(
        session.messages(label), options=list(LANGUAGES_HEARD), key=key, placeholder=session.messages("choose"),
        format_func=lambda code: LANGUAGES_HEARD[code].to(language),
        default=None if key in st.session_state else list(default),
    )  # fmt: skip
    return tuple(chosen)


def _city_part_choice(session: AppSession, key: str) -> str | None:
    names = boundaries().city_parts["name"].to_dict()
    chosen = st.selectbox(
        session.messages("record-city-part"), options=list(names), format_func=names.__getitem__, key=key,
        index=None, placeholder=session.messages("choose"),
    )  # fmt: skip
    return str(chosen) if chosen else None


def _plain(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value or "–")


def _widget_value(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


__all__ = ["NAME_MAX_LENGTH", "NOTE_MAX_LENGTH", "draw_edit", "draw_new", "draw_visit"]
