"""What the internal files of rows have in common: a table that offices open with a click, a page to print."""

import csv
import hashlib
import html
import io
import re
from collections.abc import Iterable, Mapping, Sequence

from starlette.requests import Request
from starlette.responses import Response

from api.responses import PRIVATE
from domain.text import Language
from geo.dates import NO_BREAK_SPACE
from layers._view import clean
from ui.localisation import Messages

MEDIA_TYPES: Mapping[str, str] = {"csv": "text/csv; charset=utf-8", "html": "text/html; charset=utf-8"}
BYTE_ORDER_MARK = "\ufeff"
_FORMULA = re.compile(r"[\s\x00-\x1f]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
_STYLE = """
body{font:14px/1.45 system-ui,sans-serif;color:#1c2526;margin:2rem auto;max-width:60rem;padding:0 1rem}
h1{font-size:1.5rem;margin:0 0 .25rem}p{margin:.25rem 0;color:#55605f}
table{border-collapse:collapse;width:100%;margin-top:1rem}
th,td{border:1px solid #8a9494;padding:.4rem .5rem;text-align:left;vertical-align:top;overflow-wrap:break-word}
th{background:#eef1f1}thead{display:table-header-group}tr{break-inside:avoid}
.internal{border:2px solid #b45309;color:#1c2526;padding:.4rem .6rem;display:inline-block}
.by-hand{min-width:9rem}
@media print{body{margin:0;max-width:none;font-size:11pt}@page{size:A4 landscape;margin:14mm}}
"""


def table_bytes(header: Sequence[str], rows: Iterable[Sequence[str]], language: Language) -> bytes:
    """Return rows as CSV that spreadsheets of the language open with a click; no cell begins a formula."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter="," if language is Language.EN else ";", lineterminator="\r\n")
    for row in (header, *rows):
        writer.writerow([cell(text) for text in row])
    return (BYTE_ORDER_MARK + buffer.getvalue()).encode("utf-8")


def page_bytes(
    title: str,
    note: str,
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    messages: Messages,
    *,
    by_hand: str = "",
) -> bytes:
    """Return rows as one page to print, without scripts, marked as internal.

    Parameters
    ----------
    by_hand
        Header of a last, empty column for notes by hand; no such column where it is empty.
    """
    said = html.escape(title)
    columns = [*header, by_hand] if by_hand else header
    head = "".join(f"<th>{html.escape(text)}</th>" for text in columns)
    last = '<td class="by-hand"></td>' if by_hand else ""
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(clean(text))}</td>" for text in row) + f"{last}</tr>" for row in rows
    )
    page = (
        f'<!doctype html><html lang="{messages.language.value}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{said}</title><style>{_STYLE}</style></head>'
        f'<body><p class="internal">{html.escape(messages("file-internal"))}</p><h1>{said}</h1>'
        f"<p>{html.escape(note)}</p>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></body></html>"
    )
    return page.encode("utf-8")


def file_answer(request: Request, body: bytes, file_format: str, stem: str) -> Response:
    """Return a body as a private download `bila-mista-<stem>.<format>`."""
    headers = {
        "ETag": f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"',
        "Cache-Control": PRIVATE,
        "Vary": "Authorization",
        "Content-Disposition": f'attachment; filename="bila-mista-{stem}.{file_format}"',
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
        "X-Content-Type-Options": "nosniff",
    }
    if headers["ETag"] in {tag.strip() for tag in request.headers.get("if-none-match", "").split(",")}:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=MEDIA_TYPES[file_format], headers=headers)


def cell(text: str) -> str:
    """Return a cell that no spreadsheet runs; it takes a date with no-break spaces for a text, so those go."""
    text = clean(text).replace(NO_BREAK_SPACE, " ")
    return f"'{text}" if _FORMULA.match(text) else text
