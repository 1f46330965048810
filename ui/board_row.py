"""One row of the board as HTML: state as a word and a shape, certainty as a bar, three small marks, one sentence."""

from collections.abc import Iterable, Mapping
from datetime import date
from html import escape

from actions.board_model import Board, BoardRow, Level, Sentence, WriteRow
from actions.board_reader import go_class, write_class
from domain.coverage import NeedKind
from layers.contract import LegendEntry
from layers.white_spots import LEGEND, STATE_TERMS, WRITE_LEGEND, WRITE_TERMS
from ui.localisation import Messages

PERSONS = frozenset({NeedKind.FOREIGNERS, NeedKind.TEMPORARY_PROTECTION, NeedKind.RESIDENTS})
# Shapes of the states: the word and the colour are never alone. Hollow and broken ones are the unsure.
_SHAPES: Mapping[str, str] = {
    "white_spot": "▲",
    "probable": "△",
    "cannot_tell": "◌",
    "known_unsure": "□",
    "known": "■",
    "over_covered": "◆",
    "no_need": "–",
    "write": "▲",
    "ask": "△",
    "approached": "□",
    "in_contact": "■",
    "just_below": "◌",
    "below": "○",
    "no_figure": "–",
}
_FULL, _HOLLOW, _MARKS = "●", "○", 3
_ALMOST = 0.995
_COLOURS = {entry.value: entry.colour for entry in (*LEGEND, *WRITE_LEGEND)}
_DOTS = {None: 0, Level.LOW: 1, Level.MIDDLE: 2, Level.HIGH: 3}
_MONTH_LENGTH = len("2026-07")


def say(messages: Messages, sentence: Sentence) -> str:
    """Return a sentence of the board in the reader's language.

    Whole numbers stay numbers, for their plurals; other numbers get one decimal, months their name.
    """
    params: dict[str, str | float] = {}
    for name, value in sentence.params.items():
        if name == "month":
            params[name] = month_text(messages, str(value))
        elif name == "day":
            params[name] = messages.date(date.fromisoformat(str(value)))
        elif name == "threshold":
            params[name] = messages.percent(float(value), 0 if float(value).is_integer() else 1)
        else:
            params[name] = messages.number(value, 1) if isinstance(value, float) else value
    return messages(sentence.key, **params)


def month_text(messages: Messages, month: str) -> str:
    """Return "2026-07" as a month in words; "" stays empty."""
    if len(month) != _MONTH_LENGTH:
        return month
    return messages.month(date(int(month[:4]), int(month[5:]), 1))


def state_text(messages: Messages, row: BoardRow | WriteRow) -> str:
    """Return the state of a row in words, as the legend has it."""
    if isinstance(row, BoardRow):
        return STATE_TERMS[go_class(row)].to(messages.language)
    return WRITE_TERMS[write_class(row)].to(messages.language)


def certainty_text(messages: Messages, row: BoardRow) -> str:
    """Return how sure the state is, or that it cannot be told."""
    if not row.certainty:
        return messages("board-certainty-none")
    return messages("board-certainty", value=probability_text(messages, row.certainty))


def probability_text(messages: Messages, probability: float) -> str:
    """Return a probability of the model in per cent; one that would round to certainty says so."""
    if probability >= _ALMOST:
        return messages("board-probability-over", value=messages.percent(99, 0))
    if probability <= 1 - _ALMOST:
        return messages("board-probability-under", value=messages.percent(1, 0))
    return messages.percent(100 * probability, 0)


def gap_text(messages: Messages, board: Board, row: BoardRow) -> str:
    """Return the people in the gap; in units of the need where it does not count people."""
    if board.choice.kind in PERSONS:
        return messages("board-gap", value=messages.number(row.people_in_gap))
    return messages("board-gap-units", value=messages.number(row.people_in_gap, 2))


def shape_html(value: str) -> str:
    """Return the shape of a class in a small box of its colour."""
    return f'<span class="bb-shape" aria-hidden="true" style="border-color:{_COLOURS[value]}">{_SHAPES[value]}</span>'


def go_html(messages: Messages, board: Board, row: BoardRow) -> str:
    """Return a row of "kam jít" without its name, which is the button above it."""
    sure = certainty_text(messages, row)
    state = (
        f'<div class="bb-state">{shape_html(go_class(row))}<b>{escape(state_text(messages, row))}</b>'
        f"{_bar(row.certainty, sure)}</div>"
    )
    # Before anything can be said of any city part, nor can the people in a gap be told.
    has_gap = row.people_in_gap >= 1 and not board.cold_start
    gap = f'<span class="bb-gap">{escape(gap_text(messages, board, row))}</span>' if has_gap else ""
    marks = "".join(
        _mark(messages, lens, level, what)
        for lens, level, what in (
            ("need", row.need.level, f"board-need-{row.need.level or 'none'}"),
            ("knowledge", *_knowledge_mark(board, row)),
            ("answer", row.answer.level, f"board-answer-{row.answer.level}"),
        )
    )
    return (
        f'<div class="bb-row" data-state="{row.state.value}">{state}<div class="bb-marks">{marks}{gap}</div>'
        f'<p class="bb-says">{escape(say(messages, row.sentence))}</p></div>'
    )


def _knowledge_mark(board: Board, row: BoardRow) -> tuple[Level | None, str]:
    """Return dots and words of knowledge; without a record, or before anything can be said, no verdict."""
    if not row.knowledge.visits:
        return None, "board-knowledge-none"
    if board.cold_start:
        return Level.LOW, "board-knowledge-cold"
    return row.knowledge.level, f"board-knowledge-{row.knowledge.level}"


def write_html(messages: Messages, row: WriteRow) -> str:
    """Return a row of "komu napsat" without its name."""
    return (
        f'<div class="bb-row" data-state="{write_class(row)}"><div class="bb-state">{shape_html(write_class(row))}'
        f"<b>{escape(state_text(messages, row))}</b></div>"
        f'<p class="bb-says">{escape(say(messages, row.sentence))}</p></div>'
    )


def legend_html(messages: Messages, entries: Iterable[LegendEntry], *, note: str = "board-legend-hatched") -> str:
    """Return the legend: colour, hatching and shape of each class, and a note."""
    items = []
    for entry in entries:
        hatched = " bb-hatched" if entry.hatched else ""
        # The cells have a class "known" of their own, in another colour and without a shape.
        shape = f"{_SHAPES[entry.value]} " if _COLOURS.get(entry.value) == entry.colour else ""
        items.append(
            f'<li><span class="bb-swatch{hatched}" style="background-color:{entry.colour}"></span>'
            f"<span>{shape}{escape(entry.label.to(messages.language))}</span></li>"
        )
    return f'<ul class="bb-legend">{"".join(items)}<li class="bb-quiet">{escape(messages(note))}</li></ul>'


def _bar(certainty: float, text: str) -> str:
    """Return the certainty as a bar with its words."""
    width = round(100 * certainty)
    return (
        f'<span class="bb-sure"><span class="bb-bar" aria-hidden="true"><span style="width:{width}%"></span></span>'
        f"{escape(text)}</span>"
    )


def _mark(messages: Messages, lens: str, level: Level | None, what: str) -> str:
    """Return one lens as up to three dots; its words are read out and shown on pointing."""
    dots = _FULL * _DOTS[level] + _HOLLOW * (_MARKS - _DOTS[level])
    name, words = messages(f"board-lens-{lens}"), messages(what)
    return (
        f'<span class="bb-mark" title="{escape(f"{name}: {words}", quote=True)}">{escape(name)} '
        f'<span class="bb-dots" aria-hidden="true">{dots}</span><span class="bb-read">: {escape(words)}</span></span>'
    )
