"""Vocabularies: what may stand where, in three languages, and what never may."""

import csv

import pytest

from domain.errors import DataFileError, InvalidValueError, ProblemsError
from domain.text import Language
from domain.vocabulary import (
    COARSE_KIND_LABELS,
    LANGUAGES_HEARD,
    OF_PLACES,
    OPEN_KINDS,
    VOCABULARIES_FILE,
    CoarseKind,
    Scope,
    coarse_kind,
    load_vocabularies,
    names_what_is_never_stored,
    require_term,
    terms,
    vocabularies,
)

# Written out a second time, not taken from the module: the module's own pattern is what is tested.
FORBIDDEN_STEMS = (
    "neregul", "nelegál", "bez dokladů", "do 90", "90 dn", "vykořis", "kořist", "obchod s lid", "obchodování s lid",
    "irregular", "illegal", "undocumented", "90 day", "90-day", "exploit", "traffick", "slavery",
    "нелегальн", "нерегулярн", "неврегульован", "90 дн", "експлуатац", "торгівля людьми", "торгівлі людьми",
)  # fmt: skip
CYRILLIC_LETTER = range(0x0400, 0x0530)


def all_terms():
    return [(v.id, term) for v in vocabularies().values() for term in v.terms]


def write(path, rows, columns=None):
    columns = columns or list(rows[0])
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def row(**changed):
    base = {
        "vocabulary": "v", "code": "a", "label_cs": "x", "label_en": "x", "label_uk": "x", "scope": "place",
        "origin": "proposal", "source": "",
    }  # fmt: skip
    return base | changed


def test_all_vocabularies_are_there():
    assert set(vocabularies()) == {
        "typ_lokality", "cilova_skupina", "typ_pobytu", "potreba", "bariera", "vysledek_kontaktu", "forma_terenu",
        "kriterium_vyberu_mista", "druh_socialni_sluzby_108_2006", "manual_lokalni_integrace_kapitola",
        "hodnoceni_projektu_kriterium", "doporuceni_pro_mc", "zmena_na_miste", "typ_organizace", "pocet_lidi",
        "pocet_kontaktu", "stav_spoluprace", "pristup", "typ_sluzby", "skupina_sluzeb",
    }  # fmt: skip
    assert len(all_terms()) == 173


@pytest.mark.parametrize(("vocabulary", "term"), all_terms(), ids=lambda x: x if isinstance(x, str) else x.code)
def test_nothing_forbidden_can_stand_on_a_place_or_a_visit(vocabulary, term):
    if term.scope not in OF_PLACES:
        return
    for text in (term.code, *(term.label.to(language) for language in Language)):
        found = [stem for stem in FORBIDDEN_STEMS if stem in text.casefold()]
        assert not found, f"{vocabulary}.{term.code}: {text!r} names {found}"


@pytest.mark.parametrize(
    "phrase",
    [
        "Migranti s neregulérním pobytem", "NELEGÁLNÍ práce", "lidé bez dokladů", "Pobyt do 90 dnů", "pobyt 90denní",
        "vykořisťování", "obchod s lidmi", "obchodování s lidmi", "nucená práce",
        "Irregular stay", "illegal work", "undocumented", "stays up to 90 days", "90-day visa", "exploitation",
        "Human Trafficking", "modern slavery", "forced labour",
        "нерегулярне перебування", "нелегальна робота", "неврегульоване перебування", "перебування до 90 днів",
        "експлуатація", "торгівля людьми", "примусова праця", "люди без документів",
    ],
)  # fmt: skip
def test_the_loader_refuses_a_term_that_names_it(tmp_path, phrase):
    for scope in ("place", "visit"):
        path = write(tmp_path / "v.csv", [row(label_en=phrase, scope=scope)])
        with pytest.raises(ProblemsError) as caught:
            load_vocabularies(path)
        assert [p.code for p in caught.value.problems] == ["vocabulary_term_forbidden"]
    allowed = write(tmp_path / "q.csv", [row(label_en=phrase, scope="city_part_quarter")])
    assert load_vocabularies(allowed)["v"].terms[0].label.en == phrase


@pytest.mark.parametrize("code", ["neregulerni", "do90"])
def test_groups_of_the_quarter_are_never_offered_on_a_place(code):
    for scope in OF_PLACES:
        assert code not in {term.code for term in terms("cilova_skupina", scope)}
        assert terms("typ_pobytu", scope) == ()
        with pytest.raises(InvalidValueError, match="term_not_allowed"):
            require_term("cilova_skupina", code, scope)
    assert require_term("cilova_skupina", code, Scope.CITY_PART_QUARTER).code == code


def test_relabelled_terms_say_so():
    work, crisis = require_term("potreba", "prace", Scope.VISIT), require_term("potreba", "krize", Scope.VISIT)
    assert (work.label.cs, crisis.label.cs) == ("Práce, nevyplacená mzda", "Krizová pomoc, násilí")
    assert "label shortened" in work.origin
    assert "label shortened" in crisis.origin


@pytest.mark.parametrize(
    ("vocabulary", "code", "scope", "error"),
    [
        ("potreba", "neni", Scope.VISIT, "term_not_allowed"),
        ("potreba", "prace", Scope.PLACE, "term_not_allowed"),
        ("typ_lokality", "", Scope.PLACE, "term_not_allowed"),
        ("typ_lokality", "Ubytovna", Scope.PLACE, "term_not_allowed"),
        ("typ_lokality", "<script>alert(1)</script>", Scope.PLACE, "term_not_allowed"),
        ("neni", "prace", Scope.PLACE, "unknown_vocabulary"),
    ],
)
def test_require_term_refuses(vocabulary, code, scope, error):
    with pytest.raises(InvalidValueError) as caught:
        require_term(vocabulary, code, scope)
    assert caught.value.code == error
    assert caught.value.params["vocabulary"] == vocabulary


def test_the_commonest_come_first():
    assert [t.code for t in terms("typ_lokality", Scope.PLACE)][:2] == ["ubytovna", "pracoviste"]
    assert terms("typ_lokality", Scope.PLACE)[-1].code == "jina"
    assert [t.code for t in terms("zmena_na_miste", Scope.PLACE)][:6] == [
        "uzavreni", "otevreni", "vystehovani", "nabor", "propousteni", "provozovatel",
    ]  # fmt: skip


def test_translations_are_translations():
    for vocabulary, term in all_terms():
        letters = [ch for ch in term.label.uk if ch.isalpha()]
        if letters:
            assert any(ord(ch) in CYRILLIC_LETTER for ch in letters), f"{vocabulary}.{term.code}"
        assert not any(ord(ch) in CYRILLIC_LETTER for ch in term.label.cs + term.label.en), f"{vocabulary}.{term.code}"


def test_a_broken_file_lists_every_problem(tmp_path):
    path = write(
        tmp_path / "v.csv",
        [
            row(),
            row(),
            row(code="b", label_uk=" "),
            row(code="c", scope="person"),
            row(code="d", label_en="Trafficking"),
        ],
    )
    with pytest.raises(ProblemsError) as caught:
        load_vocabularies(path)
    found = [(p.code, p.row) for p in caught.value.problems]
    assert found == [
        ("vocabulary_code_twice", 3),
        ("vocabulary_cell_empty", 4),
        ("vocabulary_scope_unknown", 5),
        ("vocabulary_term_forbidden", 6),
    ]


def test_missing_columns_and_a_missing_file(tmp_path):
    with pytest.raises(ProblemsError) as caught:
        load_vocabularies(write(tmp_path / "v.csv", [{"vocabulary": "v", "code": "a"}]))
    assert [p.field for p in caught.value.problems] == ["label_cs", "label_en", "label_uk", "scope", "origin", "source"]
    with pytest.raises(DataFileError, match="data_file_missing"):
        load_vocabularies(tmp_path / "none.csv")


def test_the_bundled_file_is_what_is_read():
    with VOCABULARIES_FILE.open(encoding="utf-8", newline="") as file:
        rows = [(r["vocabulary"], r["code"], r["scope"]) for r in csv.DictReader(file)]
    assert rows == [(name, term.code, term.scope.value) for name, term in all_terms()]


def test_languages():
    assert set(LANGUAGES_HEARD) == {
        "uk",
        "ru",
        "vi",
        "en",
        "sk",
        "ro",
        "bg",
        "mn",
        "zh",
        "ar",
        "hi",
        "ka",
        "uz",
        "kk",
        "pl",
        "es",
        "fr",
        "de",
        "tr",
        "fil",
        "ne",
        "be",
        "other",
    }
    assert next(iter(LANGUAGES_HEARD)) == "uk"


def test_coarse_kinds():
    kinds = {term.code for term in terms("typ_lokality", Scope.PLACE)}
    assert kinds > OPEN_KINDS
    assert {coarse_kind(kind) for kind in kinds} == set(CoarseKind)
    assert coarse_kind("ubytovna") is CoarseKind.LIVE
    assert coarse_kind("pracoviste") is CoarseKind.WORK
    assert coarse_kind("komunita") is CoarseKind.MEET
    assert coarse_kind("not a kind") is CoarseKind.OTHER
    assert set(COARSE_KIND_LABELS) == set(CoarseKind)
    assert not OPEN_KINDS & {"ubytovna", "pracoviste", "ulice", "sidliste", "komunita", "azylove_zarizeni", "jina"}


@pytest.mark.parametrize("text", ["Obchod / provozovna / salon", "ринок, гуртова торгівля", "Číslo 190", "krádež"])
def test_common_words_are_not_taken_for_forbidden_ones(text):
    assert not names_what_is_never_stored(text)
