"""The forms of the panel: mark a place, visit it again, correct it. Short by default."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from actions.gate_settings import gate_settings
from actions.place_reader import place_detail
from actions.record_place import (
    PersonalDataSuspected,
    PossibleDuplicates,
    correct_place,
    record_place,
    undo_record,
    visit_again,
)
from domain.errors import AppError, StaleRevisionError
from domain.place import PlaceDraft, PlaceRecord, VisitDraft
from domain.roles import Permission
from domain.vocabulary import LANGUAGES_HEARD
from geo.boundaries import city_part_name
from geo.disclosure import DisclosedPlace, disclose
from geo.locate import OutsidePrague, locate
from store import utc_now
from ui import form_fields
from ui.panel_state import CLOSED, Panel, PanelKind, SetPanel, new_id
from ui.place_panel import label_of
from ui.plain import escape_markdown, heading, quiet_line
from ui.quick_panel import draw_quick
from ui.session import AppSession

SAVED = "saved_note"
COMPARED = ("kind", "name", "note", "headcount", "access", "languages", "target_groups")
VOCABULARY_OF = {
    "kind": "typ_lokality", "headcount": "pocet_lidi", "access": "pristup", "target_groups": "cilova_skupina",
}  # fmt: skip


def draw_new(session: AppSession, panel: Panel, set_panel: SetPanel) -> None:
    """Draw the form for a new place at the panel's position, or with a city part alone.

    With a panel that is closed it is drawn for a position that is not known yet.
    """
    messages = session.messages
    is_open = panel.kind is PanelKind.RECORD
    heading(messages("record-title"))
    # A block of its own: what it holds does not move the form, which is shown before this is known.
    with st.container(key="record_where" if is_open else "record_ahead"):
        inside = _draw_where(session, panel, set_panel)
    prefix = _prefix(panel)
    # The form stays where it is when the point leaves Prague: what was typed is never lost.
    with st.form(f"{prefix}_form", border=False):
        city_part = None if panel.position or not is_open else form_fields.pick_city_part(session, prefix)
        kind = form_fields.pick_kind(session, prefix)
        outcome = form_fields.pick_outcome(session, prefix, "record-outcome")
        name = st.text_input(messages("record-name"), key=f"{prefix}_name", placeholder=messages("record-name-example"))
        visit_values, place_values = _details(session, prefix)
        pressed = st.form_submit_button(messages("record-save"), type="primary", width="stretch", disabled=not inside)
    if not is_open:
        return
    draft = PlaceDraft(
        id=panel.draft_id, kind=kind or "", name=name, position=panel.position, city_part=city_part, **place_values
    )
    visit = _first_visit(prefix, outcome, visit_values, draft)

    def save() -> None:
        record = record_place(
            session.store,
            draft,
            session.actor,
            today=session.today,
            visit=visit,
            accept_duplicates=_accepted(prefix, "duplicates"),
            accept_personal=_accepted(prefix, "personal"),
        )
        st.session_state[SAVED] = {"id": record.id, "revision": record.revision, "city_part": record.city_part}
        set_panel(Panel(kind=PanelKind.SAVED, draft_id=record.id, seq=panel.seq))

    _try(session, prefix, pressed, save, set_panel=set_panel)
    if session.may(Permission.RECORD_VISIT):
        area = Panel(kind=PanelKind.AREA, position=panel.position, draft_id=new_id())
        st.button(messages("area-record"), key="area_record", type="tertiary", on_click=set_panel, args=(area,))
        draw_quick(session)


def is_unfolded(panel: Panel) -> bool:
    """Return whether the details of the form of `panel` have been unfolded."""
    return bool(st.session_state.get(f"{_prefix(panel)}_unfolded"))


def _prefix(panel: Panel) -> str:
    # The end of an id is random; the whole one would travel a dozen times.
    return f"n{panel.draft_id[-8:]}"


def _details(session: AppSession, prefix: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Draw the fields that most records do without; only once they are unfolded, as they are the bulk of the form."""
    unfolded = f"{prefix}_unfolded"
    more = st.expander(session.messages("record-more"), key=f"{prefix}_more", on_change="rerun")
    # Folded again they stay: Streamlit forgets what was typed into a widget that is not drawn.
    if not (more.open or st.session_state.get(unfolded)):
        return form_fields.plain_visit(session), {}
    st.session_state[unfolded] = True
    with more:
        return form_fields.visit_fields(session, prefix), form_fields.place_fields(session, prefix)


def draw_visit(session: AppSession, panel: Panel, set_panel: SetPanel) -> None:
    """Draw the form for another visit of a place."""
    messages = session.messages
    heading(messages("visit-title"))
    prefix = f"visit_{panel.draft_id}"
    with st.form(f"{prefix}_form", border=False):
        outcome = form_fields.pick_outcome(session, prefix, "visit-outcome")
        values = form_fields.visit_fields(session, prefix)
        languages = form_fields.pick_languages(session, "record-languages-visit", f"{prefix}_visit_languages")
        note = st.text_area(messages("record-note"), key=f"{prefix}_note", help=messages("record-note-help"))
        pressed = st.form_submit_button(messages("record-save"), type="primary", width="stretch")
    draft = VisitDraft(
        id=panel.draft_id, place_id=panel.id, outcome=outcome or "", note=note, languages=languages, **values
    )

    def save() -> None:
        visit_again(
            session.store, draft, session.actor, today=session.today, accept_personal=_accepted(prefix, "personal")
        )
        _back_to_place(session, panel, set_panel, "visit-saved")

    _try(session, prefix, pressed, save)


def draw_edit(session: AppSession, panel: Panel, set_panel: SetPanel) -> None:
    """Draw the form that corrects a place; a stale edit shows both versions, field by field."""
    messages = session.messages
    place = _edited(session, panel)
    assert place.revision is not None
    heading(messages("edit-title"))
    quiet_line(messages("edit-revision", revision=place.revision))
    prefix = f"edit_{panel.id}_{place.revision}"
    position = panel.position or place.position
    with st.form(f"{prefix}_form", border=False):
        kind = form_fields.pick_kind(session, prefix, default=place.kind)
        key = f"{prefix}_name"
        start = st.session_state.get(key) or place.name or ""
        name = st.text_input(messages("record-name"), key=key, placeholder=messages("record-name-example"), value=start)
        place_values = form_fields.place_fields(session, prefix, place=place)
        pressed = st.form_submit_button(messages("edit-save"), type="primary", width="stretch")
    draft = PlaceDraft(
        id=panel.id, kind=kind or "", name=name, position=position,
        city_part=None if position else place.city_part, **place_values,
    )  # fmt: skip

    def save() -> None:
        revision = int(place.revision or 0)
        correct_place(
            session.store,
            draft,
            session.actor,
            revision=revision,
            today=session.today,
            accept_personal=_accepted(prefix, "personal"),
        )
        st.session_state.pop(f"edited_{panel.id}", None)
        _back_to_place(session, panel, set_panel, "edit-saved")

    _try(session, prefix, pressed, save, stale=lambda error: _draw_stale(session, draft, error, panel))


def _edited(session: AppSession, panel: Panel) -> DisclosedPlace:
    """Return the version that the form began with, whatever others have saved since."""
    key = f"edited_{panel.id}"
    if key not in st.session_state:
        st.session_state[key] = place_detail(session.store, panel.id, session.clearance).place
    place: DisclosedPlace = st.session_state[key]
    return place


def _draw_where(session: AppSession, panel: Panel, set_panel: SetPanel) -> bool:
    """Say where the point lies; return whether something can be marked there."""
    messages = session.messages
    if panel.kind is not PanelKind.RECORD:
        quiet_line(messages("record-where-soon"))
        return True
    if panel.position is None:
        quiet_line(messages("record-without-position"))
        return True
    found = locate(panel.position)
    if isinstance(found, OutsidePrague):
        nearest = city_part_name(found.nearest_city_part)
        sentence = messages("record-outside", km=messages.number(found.distance_km, 1), city_part=nearest)
        st.warning(escape_markdown(sentence))
        return False
    st.button(
        messages("record-about-city-part", city_part=city_part_name(found.city_part)), key="panel_city_part",
        type="tertiary", on_click=set_panel,
        args=(Panel(kind=PanelKind.CITY_PART, layer="city_parts", id=found.city_part, position=panel.position),),
    )  # fmt: skip
    if found.border_city_part:
        quiet_line(messages("record-on-border", city_part=city_part_name(found.border_city_part)))
    return True


def draw_saved(session: AppSession, panel: Panel, set_panel: SetPanel) -> None:
    """Say that the record of `panel` has been saved and offer what comes next."""
    saved = st.session_state[SAVED]
    messages = session.messages
    heading(messages("saved-title"))
    st.text(messages("saved-where", city_part=city_part_name(saved["city_part"])))

    def undo() -> None:
        undo_record(session.store, saved["id"], session.actor, revision=saved["revision"])
        set_panel(CLOSED)

    choices: Sequence[tuple[str, Callable[[], None]]] = (
        ("saved-undo", undo),
        ("saved-open", lambda: set_panel(Panel(kind=PanelKind.PLACE, layer="places", id=panel.draft_id))),
        ("saved-another", lambda: set_panel(Panel(kind=PanelKind.RECORD, draft_id=new_id()))),
    )
    for key, act in choices:
        st.button(messages(key), key=key, on_click=act, width="stretch")


def _first_visit(prefix: str, outcome: str | None, values: Mapping[str, Any], draft: PlaceDraft) -> VisitDraft | None:
    """Return the visit that the form describes, None where nothing of a visit was filled in."""
    if not outcome and not (values["needs"] or values["barriers"] or values["contacts"]):
        return None
    key = f"{prefix}_visit_id"
    if key not in st.session_state:
        st.session_state[key] = new_id()
    return VisitDraft(
        id=st.session_state[key], place_id=draft.id, outcome=outcome or "", languages=draft.languages, **values
    )


def _accepted(prefix: str, what: str) -> bool:
    return bool(st.session_state.get(f"{prefix}_accept_{what}"))


def _accept(prefix: str, what: str) -> None:
    st.session_state[f"{prefix}_accept_{what}"] = True
    st.session_state[f"{prefix}_again"] = True


def _try(
    session: AppSession,
    prefix: str,
    pressed: bool,  # noqa: FBT001  the button's answer
    save: Callable[[], None],
    *,
    set_panel: SetPanel | None = None,
    stale: Callable[[StaleRevisionError], None] | None = None,
) -> None:
    """Save if the button was pressed, or say in a sentence why not; what was typed stays."""
    if not (pressed or st.session_state.pop(f"{prefix}_again", False)):
        return
    messages = session.messages
    # The style sheet keeps this in sight: the form may be longer than the panel.
    with st.container(key="form_answer"):
        try:
            save()
        except PossibleDuplicates as error:
            _draw_duplicates(session, prefix, error, set_panel)
        except PersonalDataSuspected as error:
            st.warning(escape_markdown(messages("record-personal", found=", ".join(error.found))))
            st.button(messages("record-personal-save"), on_click=_accept, args=(prefix, "personal"))
        except StaleRevisionError as error:
            if stale is None:
                raise
            stale(error)
        except AppError as error:
            for sentence in messages.sentences(error):
                st.warning(escape_markdown(sentence))
        else:
            form_fields.draw_anew()


def _draw_duplicates(session: AppSession, prefix: str, error: PossibleDuplicates, set_panel: SetPanel | None) -> None:
    messages = session.messages
    st.warning(messages("record-duplicates", count=len(error.places)))
    for record, distance_m in error.places:
        (place,) = disclose([record], session.clearance, now=utc_now(), settings=gate_settings(session.store))
        st.text(f"{place.name or messages('place-unnamed')} · {messages.number(distance_m)} m")
        if set_panel and place.id:
            st.button(
                messages("record-duplicate-visit"), key=f"{prefix}_dup_{place.id}", on_click=set_panel,
                args=(Panel(kind=PanelKind.VISIT, layer="places", id=place.id, draft_id=new_id()),),
            )  # fmt: skip
    st.button(messages("record-duplicate-save"), on_click=_accept, args=(prefix, "duplicates"))


def _draw_stale(session: AppSession, mine: PlaceDraft, error: StaleRevisionError, panel: Panel) -> None:
    """Show both versions; either can be gone on with, neither is lost."""
    messages = session.messages
    assert isinstance(error.current, PlaceRecord)
    (theirs,) = disclose([error.current], session.clearance, now=utc_now(), settings=gate_settings(session.store))
    st.warning(messages("edit-stale"))
    for field in COMPARED:
        ours, now = getattr(mine, field), getattr(theirs, field)
        if (ours or None) != (now or None):
            quiet_line(messages(f"field-{field.replace('_', '-')}"))
            st.text(messages("edit-stale-mine", value=_plain(session, field, ours)))
            st.text(messages("edit-stale-theirs", value=_plain(session, field, now)))

    def take_mine() -> None:
        st.session_state[f"edited_{panel.id}"] = theirs
        for field in COMPARED:
            value = getattr(mine, field)
            key = f"edit_{panel.id}_{theirs.revision}_{field}"
            st.session_state[key] = list(value) if isinstance(value, tuple) else value

    def take_theirs() -> None:
        st.session_state[f"edited_{panel.id}"] = theirs

    st.button(messages("edit-stale-continue"), on_click=take_mine, type="primary")
    st.button(messages("edit-stale-take-theirs"), on_click=take_theirs)


def _plain(session: AppSession, field: str, value: object) -> str:
    codes = value if isinstance(value, tuple) else (value,)
    if field == "languages":
        labels = [LANGUAGES_HEARD[code].to(session.messages.language) for code in codes if code]
    elif field in VOCABULARY_OF:
        labels = [label_of(session.messages, VOCABULARY_OF[field], code) for code in codes if code]
    else:
        labels = [str(code) for code in codes if code]
    return ", ".join(labels) or "–"


def _back_to_place(session: AppSession, panel: Panel, set_panel: SetPanel, message: str) -> None:
    st.session_state["place_message"] = session.messages(message)
    set_panel(Panel(kind=PanelKind.PLACE, layer="places", id=panel.id, position=panel.position))
