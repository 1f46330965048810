"""The page Městské části: all 57 in one table, and one of them as a page that can be read aloud."""

import itertools
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from actions.activity import QUICK_MONTHS, city_part_quick_sums
from actions.city_part_profile import CityPartProfile, ProfileFigure, SeriesOverTime, make_profile
from actions.import_table import figure_tables_from_store
from domain.quick_records import QUICK_LABELS
from domain.roles import Permission
from domain.text import Language
from domain.vocabulary import vocabularies
from geo.boundaries import boundaries
from geo.concentration import combine_results, compute_measure
from geo.figures import load_figure_tables
from geo.measures import MEASURE_LABELS, Measure, describe_measure
from geo.suppression import SUPPRESSED
from layers._format import format_value, is_missing
from layers._view import source_line
from layers.contract import Context
from layers.registry import get_layer
from ui.contact_panel import draw_contact
from ui.links import link_to
from ui.localisation import Messages
from ui.locator import WIDTH_PX, locator_svg
from ui.plain import INK, escape_markdown, heading, quiet_line
from ui.session import AppSession

DIGITS = {Measure.SHARE: 1, Measure.DENSITY: 1, Measure.LOCATION_QUOTIENT: 2, Measure.AS_PRINTED: 1}
SERVICE_FACTS = ("organization", "service_types", "address", "languages", "as_of", "status")
TABLE_DATASET = "foreigners_2019"
TABLE_MEASURES = (Measure.COUNT, Measure.SHARE, Measure.LOCATION_QUOTIENT, Measure.DIFFERENCE)


def show_city_parts(session: AppSession) -> None:
    """Draw the page of the city part named by `?mc=`, else the table of all."""
    code = st.query_params.get("mc")
    names = {str(code): str(name) for code, name in boundaries().city_parts["name"].items()}
    if code in names:
        _show_one(session, str(code))
    else:
        _show_all(session, names)


def show_figures(messages: Messages, figures: Sequence[ProfileFigure], *, columns: int) -> None:
    """Draw figures under the title of their dataset, then whose they are and what they do not count."""
    for _dataset, group in itertools.groupby(figures, key=lambda figure: figure.result.info.id):
        members = list(group)
        info = members[0].result.info
        st.markdown(f"**{escape_markdown(info.title.to(messages.language))}**")
        places = st.columns(columns)
        for index, figure in enumerate(members):
            result = figure.result
            label = describe_measure(result.info, result.measure, result.denominator, messages.language)
            places[index % columns].metric(escape_markdown(label), write_value(messages, figure))
        quiet_line(source_line(info, messages.language))


def write_value(messages: Messages, figure: ProfileFigure) -> str:
    """Return a figure as text, or in words why there is none."""
    if figure.value is None:
        if figure.status == "suppressed":
            return SUPPRESSED.to(messages.language)
        return messages(f"figure-{figure.status.replace('_', '-')}")
    measure = figure.result.measure
    if measure in {Measure.SHARE, Measure.SHARE_CITIZENS}:
        return messages.percent(figure.value)
    return messages.number(figure.value, DIGITS.get(measure, 0))


def _show_all(session: AppSession, names: dict[str, str]) -> None:
    messages, language = session.messages, session.messages.language
    st.title(messages("page-city-parts"), anchor=False)
    st.text(messages("city-parts-what"))
    chosen = st.selectbox(
        messages("city-parts-choose"), list(names), index=None, format_func=names.__getitem__,
        placeholder=messages("choose"),
    )  # fmt: skip
    if chosen:
        st.query_params["mc"] = chosen
        st.rerun()
    table = load_figure_tables()[TABLE_DATASET]
    results = [compute_measure(table, measure) for measure in TABLE_MEASURES]
    frame = combine_results(results)
    labels = {measure: _column_label(measure, language) for measure in TABLE_MEASURES}
    frame.columns = pd.Index(labels.values())
    frame.insert(0, messages("city-part"), pd.Series(names))
    formats = {
        label: st.column_config.NumberColumn(format="localized", step=10 ** -DIGITS.get(measure, 0))
        for measure, label in labels.items()
    }
    st.dataframe(frame.sort_values(frame.columns[2], ascending=False), hide_index=True, width="stretch",
                 column_config=formats, height=600)  # fmt: skip
    for result in results[:2]:
        quiet_line(result.note.to(language))


def _column_label(measure: Measure, language: Language) -> str:
    label = MEASURE_LABELS[measure].to(language)
    return f"{label} (%)" if measure is Measure.SHARE else label


def _show_one(session: AppSession, code: str) -> None:
    messages = session.messages
    tables = {**load_figure_tables(), **figure_tables_from_store(session.store)}
    profile = make_profile(code, tables=tables, store=session.store, organisation_id=session.actor.organisation_id)
    st.button(messages("city-parts-all"), on_click=_leave, type="tertiary")
    st.title(escape_markdown(profile.name), anchor=False)
    st.text(messages("city-part-district", number=profile.admin_district))
    st.image(locator_svg(code, title=messages("city-part-locator", city_part=profile.name)), width=WIDTH_PX)
    heading(messages("city-part-figures"))
    show_figures(messages, profile.figures, columns=3)
    if profile.imported:
        heading(messages("city-part-imported"))
        show_figures(messages, profile.imported, columns=3)
    heading(messages("city-part-protection"))
    _draw_protection(messages, profile.protection)
    heading(messages("city-part-services"))
    _draw_services(messages, profile)
    heading(messages("city-part-cooperation"))
    draw_cooperation(messages, profile)
    if session.may(Permission.SEE_PLACES):
        draw_contact(session, code)
    if session.may(Permission.SEE_PLACES):
        heading(messages("city-part-known"))
        draw_known(messages, profile)
    if session.may(Permission.SEE_ACTIVITY):
        draw_quick_sums(session, code)
    link_to("data-a-zdroje", messages, messages("city-part-sources"))


def _leave() -> None:
    del st.query_params["mc"]


def draw_known(messages: Messages, profile: CityPartProfile) -> None:
    """Say what the own organisation has recorded here."""
    if not profile.places and not profile.visits:
        st.text(messages("city-part-nothing-known"))
        return
    st.text(messages("city-part-places", count=profile.places))
    visits = messages("city-part-visits", count=profile.visits)
    last = messages("place-last-visit", date=messages.date(profile.last_visit_on)) if profile.last_visit_on else ""
    st.text(f"{visits} {last}".strip())
    quiet_line(messages("city-part-known-note"))


def draw_quick_sums(session: AppSession, code: str) -> None:
    """Say how often the own organisation accompanied and interpreted here; nothing where it never did."""
    messages = session.messages
    sums = city_part_quick_sums(session.store, code, session.actor, session.clearance, today=session.today)
    if not sums:
        return
    hidden = messages("activity-hidden")
    parts = [
        f"{QUICK_LABELS[kind].to(messages.language)}: {hidden if count is None else messages.number(count)}"
        for kind, count in sums.items()
    ]
    st.text(" · ".join(parts))
    quiet_line(messages("city-part-quick-note", count=QUICK_MONTHS))


def draw_cooperation(messages: Messages, profile: CityPartProfile) -> None:
    """Say the published state of co-operation; nothing published is not "none"."""
    label = vocabularies()["stav_spoluprace"].labels[profile.cooperation].to(messages.language)
    st.text(label)
    quiet_line(profile.cooperation_source or messages("city-part-cooperation-unknown"))


def _draw_protection(messages: Messages, series: tuple[SeriesOverTime, ...]) -> None:
    """Draw each way of counting by itself: a break is a break, no line crosses it."""
    # 12 MB that only this chart needs.
    import altair as alt  # noqa: PLC0415

    frame = pd.concat(
        pd.DataFrame({"day": pd.to_datetime(line.values.index), "persons": line.values.to_numpy(), "counting": name})
        for line in series
        for name in [messages("city-part-counting", series=line.info.series.rsplit("_", 1)[-1])]
    ).dropna()
    if frame.empty:
        st.text(SUPPRESSED.to(messages.language))
    else:
        base = alt.Chart(frame).encode(
            x=alt.X("day:T", title=None, axis=alt.Axis(format="%-m/%Y", tickCount=8)),
            y=alt.Y(
                "persons:Q", title=messages("city-part-persons"), scale=alt.Scale(zero=True),
                axis=alt.Axis(labelExpr=f"replace(datum.label, /,/g, '{messages.number(1000)[1:-3]}')"),
            ),
            color=alt.Color(
                "counting:N", title=None, scale=alt.Scale(range=["#0b6b6b", "#b45309"]),
                legend=alt.Legend(orient="bottom", labelLimit=400),
            ),
            shape=alt.Shape("counting:N", title=None),
        )  # fmt: skip
        chart = base.mark_line() + base.mark_point(size=70, filled=True)
        chart = chart.configure_axis(labelColor=INK, titleColor=INK).configure_legend(labelColor=INK)
        st.altair_chart(chart, height=260)
    quiet_line(messages("city-part-protection-break"))
    for line in series:
        not_counted = line.info.does_not_count.to(messages.language) if line.info.does_not_count else ""
        dates = list(line.values.index)
        text = f"{line.info.publisher}, {messages.date(dates[0])}"
        if len(dates) > 1:
            text += f" – {messages.date(dates[-1])}"
        quiet_line(f"{text}. {messages('feature-not-counted', text=not_counted)}")


def _draw_services(messages: Messages, profile: CityPartProfile) -> None:
    layer = get_layer("services")
    frame = layer.load(Context(options={"historical": "no"})).frame
    rows = frame[frame["id"].isin(profile.services["id"])]
    if rows.empty:
        st.text(messages("city-part-no-services"))
        return
    fields = {field.column: field for field in layer.fields}
    for row in rows.to_dict("records"):
        st.markdown(f"**{escape_markdown(str(row['name']))}**")
        facts = [
            format_value(row[column], fields[column], messages.language)
            for column in SERVICE_FACTS
            if column in fields and not is_missing(row[column])
        ]
        quiet_line(" · ".join(fact for fact in facts if fact))
