"""The answer of the board in one sentence: the three city parts to go to next, how sure that is, and why."""

from babel.lists import format_list

from actions.board_model import Board, BoardRow
from actions.board_rows import GO_FIRST, NEXT
from geo.dates import NO_BREAK_SPACE
from ui.board_row import PERSONS, certainty_text
from ui.localisation import Messages


def top_sentence(messages: Messages, board: Board, need: str) -> str:
    """Return the sentence, and one on the small city part to begin with; "" where no need is usable.

    `need` is what the need is called.
    """
    if not board.next_three:
        return ""
    parts = [_part(messages, board, board.rows[code], need) for code in board.next_three]
    listed = format_list(parts, locale=messages.language.value)
    if board.cold_start:
        return messages("board-top-cold", parts=listed)
    if board.as_of < board.today:
        return messages("board-top-past", parts=listed)
    said = messages("board-top", parts=listed)
    if board.small is None:
        return said
    return f"{said} {messages('board-top-small', name=_unbroken(board.rows[board.small].name))}"


def top_sentence_write(messages: Messages, board: Board) -> str:
    """Return whom to write to next, else about whom to ask; "" where there is nobody."""
    write = [row for row in board.write_rows.values() if row.write]
    chosen = write or [row for row in board.write_rows.values() if row.ask]
    if not chosen:
        return ""
    shares = {row.name: messages.number(row.share_pct or 0.0, 1) for row in chosen[:NEXT]}
    parts = [messages("board-top-write-part", name=_unbroken(name), share=share) for name, share in shares.items()]
    listed = format_list(parts, locale=messages.language.value)
    return messages("board-top-write" if write else "board-top-ask", parts=listed)


def _part(messages: Messages, board: Board, row: BoardRow, need: str) -> str:
    """Return a name with how sure it is and why; on a cold start nothing is sure of any, so only why."""
    if board.cold_start:
        value = messages.number(row.need.value or 0.0, 0 if board.choice.kind in PERSONS else 1)
        why = messages("board-evidence-need-value", label=need, value=value)
        return messages("board-top-part-cold", name=_unbroken(row.name), why=why)
    return messages(
        "board-top-part", name=_unbroken(row.name), sure=certainty_text(messages, row), why=_why(messages, row)
    )


def _why(messages: Messages, row: BoardRow) -> str:
    if row.state not in GO_FIRST:
        return messages("board-top-why-worth")
    seen = "seen" if row.knowledge.visits else "unseen"
    numbers = {"expected": row.knowledge.expected, "observed": row.knowledge.observed}
    return messages(f"board-top-why-{seen}", **{name: messages.number(value, 1) for name, value in numbers.items()})


def _unbroken(name: str) -> str:
    """Return a name whose number stays on its line."""
    return name.replace(" ", NO_BREAK_SPACE)
