"""What can be chosen on the page Bílá místa: question, need, day, which city parts, and every parameter."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

import streamlit as st

from actions.board import BoardRow, NeedChoice, Tab, WriteRow, need_choices
from actions.board_reader import BoardView, go_class, need_label, write_class
from domain.coverage import DEFAULT_FRINGE, DEFAULT_SETTINGS, EARLIEST_VISIT, CoverageSettings, FringeSettings
from domain.errors import AppError
from domain.roles import Permission
from geo.boundaries import boundaries
from layers.white_spots import STATE_TERMS, WRITE_TERMS
from ui.plain import escape_markdown, quiet_line
from ui.session import AppSession

MINE_SETTING = "board_my_parts"
SET = "board_set_"
_WHOLE = frozenset({"dispersion_steps", "long_past_months"})
_SORTS = {
    Tab.GO: ("advice", "gap", "certainty", "need", "name"),
    Tab.WRITE: ("advice", "name"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which rows are listed, and in which order."""

    city_parts: frozenset[str] | None
    states: frozenset[str]
    sort: str


def choose_question(session: AppSession) -> tuple[Tab, NeedChoice, date | None]:
    """Draw the switches at the top; return the question, the need and the past day, None for today."""
    messages = session.messages
    tab = Tab(
        st.radio(
            messages("board-tab"),
            [Tab.GO.value, Tab.WRITE.value],
            key="board_tab",
            horizontal=True,
            format_func=lambda value: messages(f"board-tab-{value}"),
            label_visibility="collapsed",
        )
    )
    quiet_line(messages(f"board-tab-{tab.value}-what"))
    choices = {choice.value: choice for choice in need_choices(session.store)}
    need = next(iter(choices))
    left, middle, right = st.columns([2, 1, 2], vertical_alignment="bottom")
    if tab is Tab.GO:
        labels = {value: need_label(choice, session.store).to(messages.language) for value, choice in choices.items()}
        need = left.selectbox(messages("board-need"), list(choices), key="board_need", format_func=labels.__getitem__)
        right.toggle(messages("board-plans"), key="board_plans")
    day = (middle if tab is Tab.GO else left).date_input(
        messages("board-as-of"), value=session.today, min_value=EARLIEST_VISIT, max_value=session.today,
        key="board_as_of", format="DD.MM.YYYY", help=messages("board-as-of-help"),
    )  # fmt: skip
    return tab, choices[need], day if isinstance(day, date) and day < session.today else None


def chosen_view(session: AppSession, as_of: date | None) -> BoardView:
    """Return the parameters as they are set; what makes no sense together is said, and the defaults are used."""
    try:
        settings = CoverageSettings(**_chosen(DEFAULT_SETTINGS))
        fringe = FringeSettings(**_chosen(DEFAULT_FRINGE))
    except AppError as error:
        for sentence in session.messages.sentences(error):
            st.warning(escape_markdown(sentence))
        return BoardView(as_of=as_of)
    return BoardView(settings=settings, fringe=fringe, as_of=as_of)


def draw_settings(session: AppSession, tab: Tab) -> None:
    """Draw every parameter that decides something, with its default."""
    messages = session.messages
    defaults: CoverageSettings | FringeSettings = DEFAULT_SETTINGS if tab is Tab.GO else DEFAULT_FRINGE
    with st.expander(messages("board-settings"), key="board_settings"):
        quiet_line(messages("board-settings-what"))
        columns = st.columns(2)
        for number, item in enumerate(fields(defaults)):
            default = getattr(defaults, item.name)
            whole = item.name in _WHOLE
            with columns[number % 2]:
                st.number_input(
                    messages(f"board-set-{item.name.replace('_', '-')}"),
                    value=int(default) if whole else float(default),
                    min_value=1 if whole else 0.0,
                    step=1 if whole else _step(float(default)),
                    format="%d" if whole else "%g",
                    key=SET + item.name,
                    help=messages("board-settings-default", value=messages.number(default, 0 if whole else 2)),
                )
        st.button(messages("board-settings-reset"), on_click=_reset, args=(defaults,), key="board_reset")


def _step(default: float) -> float:
    return 1.0 if default >= 2 else 0.05  # noqa: PLR2004  months and percentages by one, probabilities finely


def _chosen(defaults: CoverageSettings | FringeSettings) -> dict[str, Any]:
    """Return the parameters as they stand in the fields; those that were never drawn have their defaults."""
    chosen = {name: st.session_state.get(SET + name) for name in asdict(defaults)}
    return {name: getattr(defaults, name) if value is None else value for name, value in chosen.items()}


def _reset(defaults: CoverageSettings | FringeSettings) -> None:
    for item in fields(defaults):
        default = getattr(defaults, item.name)
        st.session_state[SET + item.name] = int(default) if item.name in _WHOLE else float(default)


def choose_filters(session: AppSession, tab: Tab) -> Filters:
    """Draw filters and order; return them."""
    messages = session.messages
    parts = boundaries().city_parts
    mine = frozenset(my_parts(session))
    left, right = st.columns(2)
    with left:
        scope = st.radio(
            messages("board-scope"),
            ["all", "mine"],
            key="board_scope",
            horizontal=True,
            format_func=lambda value: messages(f"board-scope-{value}"),
        )
    with right:
        sort = st.selectbox(
            messages("board-sort"),
            _SORTS[tab],
            key=f"board_sort_{tab.value}",
            format_func=lambda value: messages(f"board-sort-{value}"),
        )
    with st.expander(messages("board-filters"), key="board_filters"):
        district = st.selectbox(
            messages("board-district"),
            [0, *sorted({int(number) for number in parts["admin_district"]})],
            key="board_district",
            format_func=lambda number: (
                messages("board-district-number", number=number) if number else messages("board-district-all")
            ),
        )
        terms = STATE_TERMS if tab is Tab.GO else WRITE_TERMS
        states = st.multiselect(
            messages("board-states"),
            list(terms),
            key=f"board_states_{tab.value}",
            format_func=lambda value: terms[value].to(messages.language),
            placeholder=messages("board-states-all"),
        )
        _choose_mine(session)
    allowed: frozenset[str] | None = mine if scope == "mine" else None
    if scope == "mine" and not mine:
        st.text(messages("board-mine-none"))
    if district:
        inside = frozenset(str(code) for code in parts.index[parts["admin_district"] == district])
        allowed = inside if allowed is None else allowed & inside
    return Filters(city_parts=allowed, states=frozenset(states), sort=str(sort))


def my_parts(session: AppSession) -> list[str]:
    """Return the city parts that this session chose as its own, else those kept for the organisation."""
    known = {str(code) for code in boundaries().city_parts.index}
    chosen = st.session_state.get("board_mine")
    if chosen is None:
        chosen = session.store.settings.get(_mine_key(session), default=[])
    return [str(code) for code in chosen if str(code) in known]


def _mine_key(session: AppSession) -> str:
    return f"{MINE_SETTING}:{session.actor.organisation_id}"


def _choose_mine(session: AppSession) -> None:
    messages = session.messages
    names = {str(code): str(name) for code, name in boundaries().city_parts["name"].items()}
    kept = my_parts(session)
    st.session_state.setdefault("board_mine", kept)
    chosen = st.multiselect(
        messages("board-mine"),
        list(names),
        key="board_mine",
        format_func=names.__getitem__,
        placeholder=messages("choose"),
    )
    if not session.may(Permission.CHANGE_SETTINGS):
        return

    def keep() -> None:
        session.store.settings.set(_mine_key(session), list(chosen), actor=session.actor)
        st.session_state["board_mine_kept"] = True

    st.button(messages("board-mine-keep"), on_click=keep, key="board_mine_keep")
    if st.session_state.pop("board_mine_kept", False):
        quiet_line(messages("board-mine-kept"))


def filtered(rows: Iterable[BoardRow], filters: Filters) -> list[BoardRow]:
    """Return the rows of "kam jít" that fit, in the chosen order."""
    found = [row for row in rows if _fits(row.code, go_class(row), filters)]
    keys = {
        "gap": lambda row: -row.people_in_gap,
        "certainty": lambda row: (-row.certainty, -row.people_in_gap),
        "need": lambda row: -(row.need.value or 0.0),
        "name": lambda row: _ORDER[row.code],
    }
    return sorted(found, key=keys[filters.sort]) if filters.sort in keys else found


def filtered_write(rows: Iterable[WriteRow], filters: Filters) -> list[WriteRow]:
    """Return the rows of "komu napsat" that fit, in the chosen order."""
    found = [row for row in rows if _fits(row.code, write_class(row), filters)]
    return sorted(found, key=lambda row: _ORDER[row.code]) if filters.sort == "name" else found


def _fits(code: str, value: str, filters: Filters) -> bool:
    inside = filters.city_parts is None or code in filters.city_parts
    return inside and (not filters.states or value in filters.states)


def _natural_order() -> dict[str, int]:
    """Return the place of each city part by name, Praha 2 before Praha 10, then as in Czech."""
    names = boundaries().city_parts["name"]

    def key(code: str) -> tuple[int, int, str]:
        name = str(names[code])
        number = name.removeprefix("Praha ")
        return (0, int(number), "") if number.isdigit() else (1, 0, _czech(name))

    return {code: place for place, code in enumerate(sorted(map(str, names.index), key=key))}


def _czech(name: str) -> str:
    """Return a key by which Czech names sort: č, ř, š, ž and ch are letters of their own, ď, ň, ť are not."""
    after = {"ch": "h~", "č": "c~", "ř": "r~", "š": "s~", "ž": "z~"}
    text = name.lower()
    for letter, key in after.items():
        text = text.replace(letter, key)
    for long, short in zip("áďéěíňóťúůý", "adeeinotuuy", strict=True):
        text = text.replace(long, short)
    return text


_ORDER = _natural_order()
