"""Text on the vector page: measured with the font that it is drawn in, wrapped, escaped as XML."""

from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import fontpkg_noto_sans
from PIL import ImageFont

from layers._view import clean

FONT_FAMILY = fontpkg_noto_sans.FAMILY
FONT_FOLDER = Path(fontpkg_noto_sans.ROOT) / "files"
ELLIPSIS = "…"
_MEASURED_AT = 100
_BOLD = 700
_REGULAR = 400


@cache
def _font(bold: bool) -> ImageFont.FreeTypeFont:  # noqa: FBT001  the one thing that differs
    upright = next(path for path in sorted(FONT_FOLDER.glob("*.ttf")) if "Italic" not in path.name)
    font = ImageFont.truetype(str(upright), _MEASURED_AT, layout_engine=ImageFont.Layout.BASIC)
    weight = _BOLD if bold else _REGULAR
    # The axes of the file in its own order; what is not the weight stays as it is by default.
    font.set_variation_by_axes(
        [weight if axis["name"] == b"Weight" else axis["default"] or 0 for axis in font.get_variation_axes()]
    )
    return font


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of one line in pixels at the font size `size`.

    Examples
    --------
    >>> text_width("Praha", 20) > text_width("Praha", 10) > 0
    True
    """
    return float(_font(bold).getlength(text)) * size / _MEASURED_AT


def wrap_text(text: str, size: float, width: float, *, bold: bool = False, limit: int = 0) -> list[str]:
    """Break `text` into lines no wider than `width`; a word that is too long is broken inside.

    With `limit`, what does not fit is replaced by an ellipsis.

    Examples
    --------
    >>> wrap_text("Městské části Prahy", 10, 80)
    ['Městské části', 'Prahy']
    """
    lines: list[str] = []
    # Not split(): a no-break space keeps "32,4 %" in one line.
    for word in clean(text).replace("\n", " ").replace("\t", " ").split(" "):
        joined = f"{lines[-1]} {word}" if lines and lines[-1] else word
        if lines and text_width(joined, size, bold=bold) <= width:
            lines[-1] = joined
        else:
            lines += _pieces(word, size, width, bold=bold)
    lines = [line for line in lines if line]
    if limit and len(lines) > limit:
        last = lines[limit - 1]
        while last and text_width(last + ELLIPSIS, size, bold=bold) > width:
            last = last[:-1]
        lines = [*lines[: limit - 1], last + ELLIPSIS]
    return lines


def _pieces(word: str, size: float, width: float, *, bold: bool) -> list[str]:
    pieces = [""]
    for sign in word:
        if pieces[-1] and text_width(pieces[-1] + sign, size, bold=bold) > width:
            pieces.append(sign)
        else:
            pieces[-1] += sign
    return pieces


def text_element(
    text: str,
    x: float,
    y: float,
    size: float,
    *,
    colour: str = "#1f2328",
    bold: bool = False,
    anchor: str = "start",
    halo: float = 0.0,
) -> str:
    """Return an SVG text whose baseline begins at `x`, `y`; `halo` is the width of a white rim."""
    rim = f' stroke="#ffffff" stroke-width="{halo:.2f}" stroke-linejoin="round" paint-order="stroke"' if halo else ""
    weight = f' font-weight="{_BOLD}"' if bold else ""
    return (
        f'<text x="{x:.2f}" y="{y:.2f}" font-size="{size:.2f}" fill={quoteattr(colour)}'
        f' text-anchor="{anchor}"{weight}{rim} xml:space="preserve">{escape(clean(text))}</text>'
    )
