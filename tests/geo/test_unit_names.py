"""Spellings of city parts as Czech offices write them."""

import pytest

from geo.unit_names import Division, UnitState, city_part_names, city_part_of_number, fold, match_unit

NBSP = "\u00a0"


@pytest.mark.parametrize(("code", "name"), sorted(city_part_names().items()))
def test_each_city_part_by_code_and_name(code: str, name: str) -> None:
    for text in (code, float(code), int(code), f"{code}.0", f" {code} ", f"{code[:3]}{NBSP}{code[3:]}"):
        found = match_unit(text)
        assert (found.state, found.code) == (UnitState.EXACT, code), text
    for text in (
        f"MČ {name}",
        f"Městská část {name}",
        f"ÚMČ {name}",
        f"MČ{NBSP}{name.upper()}",
        f"m.č. {name.lower()}",
    ):
        found = match_unit(text)
        assert (found.state, found.code) == (UnitState.EXACT, code), text


@pytest.mark.parametrize(
    ("code", "name"), sorted((c, n) for c, n in city_part_names().items() if not n.removeprefix("Praha ").isdigit())
)
def test_each_named_city_part_in_its_spellings(code: str, name: str) -> None:
    short = name.removeprefix("Praha-")
    spellings = [
        name, short, f"Praha - {short}", f"Praha – {short}", f"Praha—{short}", f"Praha {short}", f"Praha, {short}",
        f"Praha{NBSP}-{NBSP}{short}", fold(name), short.upper(), f"  {short}  ", f"{short} *", f"{short}¹", f"{short} 1)",
        f"Hl. m. Praha - {short}", f"P-{short}", f"Prague-{short}", f"Praha\u2011{short}", f"\ufeff{name}",
    ]  # fmt: skip
    for text in spellings:
        found = match_unit(text)
        assert (found.state, found.code) == (UnitState.EXACT, code), text


@pytest.mark.parametrize("number", range(1, 23))
def test_a_number_alone_is_ambiguous(number: int) -> None:
    code = city_part_of_number(number)
    for text in (
        f"Praha {number}",
        f"P{number}",
        f"P {number}",
        f"Praha {number:02}",
        f"PRAHA-{number}",
        f"Praha{NBSP}{number}*",
        f"Praha {number})",
    ):
        found = match_unit(text)
        assert found.state is UnitState.AMBIGUOUS, text
        assert (found.code, found.number) == (code, number), text
        assert Division.CITY_PART in found.candidates
        assert (Division.OBVOD in found.candidates) is (number <= 10)


@pytest.mark.parametrize(
    "text", ["MČ Praha 4", "MČ P4", "MČ 4", "Praha 4 (MČ)", "Městská část Praha 04", "Úřad městské části Praha 4"]
)
def test_a_number_with_its_division_is_exact(text: str) -> None:
    assert match_unit(text).code == "500119"
    assert match_unit(text).state is UnitState.EXACT


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("SO Praha 4", Division.ADMIN_DISTRICT), ("Správní obvod Praha 4", Division.ADMIN_DISTRICT),
        ("správní obvod 22", Division.ADMIN_DISTRICT), ("Praha 4 (SO)", Division.ADMIN_DISTRICT),
        ("obvod Praha 4", Division.OBVOD), ("Městský obvod 4", Division.OBVOD), ("Obvod 14", Division.ADMIN_DISTRICT),
    ],
)  # fmt: skip
def test_districts_say_so(text: str, kind: Division) -> None:
    found = match_unit(text)
    assert found.state is UnitState.DISTRICT
    assert found.candidates == (kind,)
    assert found.code is None


@pytest.mark.parametrize(
    "text",
    ["Celkem", "CELKEM", "Praha", "Hl. m. Praha", "Hlavní město Praha", "Praha celkem", "Praha - celkem", "Úhrnem", "Součet",
     "HMP", "Celkový součet", "Celkem hl. m. Praha", "MČ celkem", "Městské části celkem", "Praha celkem (57 MČ)", "554782", 554782.0,
     "CZ010", "Total", "Celkem 1)", "Praha, hl. m."],
)  # fmt: skip
def test_totals(text: str | float) -> None:
    assert match_unit(text).state is UnitState.TOTAL


@pytest.mark.parametrize("text", ["Nezjištěno", "neuvedeno", "bez MČ", "Nezařazeno", "ostatní"])
def test_remainders(text: str) -> None:
    assert match_unit(text).state is UnitState.REMAINDER


@pytest.mark.parametrize(
    ("text", "suggested"),
    [
        ("Praha-Libus u Prahy", "547051"), ("Nebušicce", "547158"), ("Kunratic", "547042"), ("Letňany", "547417"),
        ("Horní Počernice", "538213"), ("Uhříněves", "538931"), ("Újezd nad Lesy", "538949"), ("Praha 4 - Libuš", "547051"),
    ],
)  # fmt: skip
def test_unknown_names_come_with_suggestions(text: str, suggested: str) -> None:
    found = match_unit(text)
    assert found.state is UnitState.UNKNOWN
    assert found.code is None
    assert suggested in found.suggestions


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "  ",
        NBSP,
        "Brno",
        "999999",
        "Praha 23",
        "Praha 0",
        "Praha 99",
        "4",
        "Městská část",
        "Název",
        "1e9",
        "😀",
        "Praha 4 celkem",
    ],
)
def test_what_is_no_city_part(text: str | None) -> None:
    found = match_unit(text)
    assert found.state is UnitState.UNKNOWN
    assert found.code is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("D. Chabry", "547301"),
        ("Praha-D. Počernice", "538175"),
        ("V. Chuchle", "547115"),
        ("Př. Kopanina", "539589"),
        ("Dol. Měcholupy", "547379"),
        ("Újezd u Průhonic", "539791"),
        ("MČ Praha 20 (Horní Počernice)", "538213"),
    ],
)
def test_abbreviations_and_second_names(text: str, code: str) -> None:
    assert match_unit(text).code == code
    assert match_unit(text).state is UnitState.EXACT
