"""Values written as a person reads them."""

import doctest
from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest

from domain.text import Language, Text
from layers import _format, _shapes, _svg_map, _svg_text, _view
from layers._format import format_day, format_value, is_missing, safe_link, split_codes, to_day, to_number
from layers.contract import Field, Formatter
from tests.layers.sample_view import same
from ui.localisation import Messages

CS, EN, UK = Language.CS, Language.EN, Language.UK
SPACE = "\u00a0"


def field(formatter, **options):
    return Field(column="x", label=same("x"), formatter=formatter, **options)


@pytest.mark.parametrize(
    ("formatter", "value", "language", "expected"),
    [
        (Formatter.INTEGER, 1301432, CS, f"1{SPACE}301{SPACE}432"),
        (Formatter.INTEGER, 1301432, EN, "1,301,432"),
        (Formatter.INTEGER, 1301432.0, UK, f"1{SPACE}301{SPACE}432"),
        (Formatter.INTEGER, np.int64(-5), CS, "-5"),
        (Formatter.DECIMAL, 1234.56, CS, f"1{SPACE}234,6"),
        (Formatter.DECIMAL, 1234.56, EN, "1,234.6"),
        (Formatter.PERCENT, 32.41, CS, f"32,4{SPACE}%"),
        (Formatter.PERCENT, 32.41, EN, "32.4%"),
        (Formatter.PERCENT, np.float64(0), UK, f"0,0{SPACE}%"),
        (Formatter.DATE, date(2018, 4, 10), CS, "10.\u00a04.\u00a02018"),
        (Formatter.DATE, "2018-04-10", EN, "10\u00a0Apr\u00a02018"),
        (Formatter.DATE, np.datetime64("2018-04-10"), UK, "10.04.2018"),
        (Formatter.MONTH, date(2026, 7, 21), CS, "červenec\u00a02026"),
        (Formatter.MONTH, "2026-07", EN, "July\u00a02026"),
        (Formatter.MONTH, "2026-07-21", UK, "липень\u00a02026"),
        (Formatter.TEXT, "  Praha 4 ", CS, "  Praha 4 "),
        (Formatter.LINK, "https://example.org/", CS, "https://example.org/"),
    ],
)
def test_a_value_is_written_in_the_language(formatter, value, language, expected):
    assert format_value(value, field(formatter), language) == expected


@pytest.mark.parametrize("formatter", Formatter)
@pytest.mark.parametrize("value", [None, float("nan"), np.float64("nan"), pd.NA, pd.NaT, "", "  "])
def test_a_missing_value_is_an_empty_text(formatter, value):
    assert format_value(value, field(formatter), CS) == ""


@pytest.mark.parametrize("formatter", Formatter)
def test_what_does_not_fit_its_formatter_is_kept(formatter):
    assert format_value("méně než 5", field(formatter), CS) == "méně než 5"


def test_digits_are_the_fields():
    assert format_value(1.2345, field(Formatter.DECIMAL, digits=2), CS) == "1,23"
    assert format_value(1.5, field(Formatter.DECIMAL, digits=0), EN) == "2"
    assert format_value(7, field(Formatter.PERCENT, digits=0), CS) == f"7{SPACE}%"


def test_terms_are_translated_and_unknown_codes_stand_for_themselves():
    terms = {"uk": Text(cs="ukrajinština", en="Ukrainian", uk="українська"), "vi": same("vi!")}
    assert format_value("uk", field(Formatter.TERM, terms=terms), UK) == "українська"
    assert format_value("xx", field(Formatter.TERM, terms=terms), UK) == "xx"
    for value in (("uk", "xx"), ["uk", "xx"], "uk,xx", "uk; xx", np.array(["uk", "xx"])):
        assert format_value(value, field(Formatter.TERMS, terms=terms), CS) == "ukrajinština, xx"
    assert format_value([], field(Formatter.TERMS, terms=terms), CS) == ""


def test_an_instant_is_the_day_it_was_in_prague():
    assert format_day(datetime(2026, 7, 21, 22, 30, tzinfo=UTC), CS) == "22.\u00a07.\u00a02026"
    assert format_day(pd.Timestamp("2026-07-21T21:30", tz="UTC"), CS) == "21.\u00a07.\u00a02026"
    assert to_day("21. 7. 2026") is None
    assert format_day("jaro 2026", CS) == "jaro 2026"


@pytest.mark.parametrize("language", Language)
def test_pages_and_files_write_alike(language):
    """The renderers may not import ui/, so the two spellings of numbers are kept equal here."""
    messages = Messages(language)
    day = date(2018, 4, 10)
    assert format_day(day, language) == messages.date(day)
    assert format_value(1301432, field(Formatter.INTEGER), language) == messages.number(1301432)
    assert format_value(32.41, field(Formatter.PERCENT), language) == messages.percent(32.41)
    assert format_value(2.345, field(Formatter.DECIMAL, digits=2), language) == messages.number(2.345, 2)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("https://a.cz/x?y=1", "https://a.cz/x?y=1"),
        (" HTTP://a.cz ", "HTTP://a.cz"),
        ("javascript:alert(1)", None),
        ("JaVaScRiPt://a.cz/%0aalert(1)", None),
        ("data:text/html,x", None),
        ("//a.cz", None),
        ("www.a.cz", None),
        ("https:", None),
        ("java\tscript:alert(1)", None),
        ("https://a\n.cz", None),
        ("https://[", None),
        (None, None),
        (5, None),
    ],
)
def test_only_web_addresses_become_links(value, expected):
    assert safe_link(value) == expected


def test_numbers_and_codes():
    assert to_number(np.int64(3)) == 3
    assert to_number(float("inf")) is None
    assert to_number("3") is None
    assert to_number(True) is None
    assert split_codes("a,b;c, ,") == ("a", "b", "c")
    assert not is_missing([])


@pytest.mark.parametrize("module", [_format, _shapes, _svg_map, _svg_text, _view], ids=lambda m: m.__name__)
def test_examples_in_the_docstrings(module):
    result = doctest.testmod(module)
    assert result.failed == 0
    assert result.attempted > 0
