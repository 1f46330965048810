import hashlib
from dataclasses import replace
from datetime import date

import pytest

from domain.dataset import Denominator
from domain.errors import DataFileError, ProblemsError
from domain.text import Language
from geo.provenance import BUNDLED_DATA, read_all, read_dataset_info, verify_file

CONTENT = b"code,foreigners\n500054,5687\n"
DIGEST = hashlib.sha256(CONTENT).hexdigest()
CARD = f"""
id = "people"
path = "people.csv"
publisher = "ČSÚ"
source = "code list"
licence = "reuse with source"
reference_date = 2019-12-31
date_inferred = true
series = "permits"
denominator = "inhabitants"
count = 1
sha256 = "{DIGEST}"
columns = ["code", "foreigners"]
[title]
cs = "Cizinci"
en = "Foreigners"
uk = "Іноземці"
[does_not_count]
cs = "Turisty."
en = "Tourists."
uk = "Туристів."
"""


def write(folder, card=CARD, stem="people"):
    (folder / f"{stem}.csv").write_bytes(CONTENT)
    path = folder / f"{stem}.toml"
    path.write_text(card, encoding="utf-8")
    return path


def codes(error):
    return sorted((p.code, p.field.partition(": ")[2]) for p in error.value.problems)


def test_a_whole_card(tmp_path):
    info = read_dataset_info(write(tmp_path))
    assert info.reference_date == date(2019, 12, 31)
    assert info.date_inferred
    assert info.denominator is Denominator.INHABITANTS
    assert info.columns == ("code", "foreigners")
    assert info.title.to(Language.UK) == "Іноземці"
    assert info.denominator_note is None
    assert verify_file(info, tmp_path).read_bytes() == CONTENT


def test_every_problem_is_told_at_once(tmp_path):
    broken = (
        CARD.replace('publisher = "ČSÚ"', 'publisher = " "')
        .replace('source = "code list"\n', "")
        .replace("count = 1", 'count = "one"')
        .replace("2019-12-31", "2019-12-31T10:00:00")
        .replace('series = "permits"', 'serie = "permits"')
        .replace('uk = "Туристів."', "")
    )
    with pytest.raises(ProblemsError) as error:
        read_dataset_info(write(tmp_path, broken))
    assert error.value.code == "invalid_dataset_card"
    assert codes(error) == [
        ("card_key_missing", "publisher"),
        ("card_key_missing", "source"),
        ("card_key_unknown", "serie"),
        ("card_language_missing", "does_not_count"),
        ("card_type", "count"),
        ("card_type", "reference_date"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (DIGEST, DIGEST.upper(), ("card_value", "sha256")),
        (DIGEST, DIGEST[:-1], ("card_value", "sha256")),
        ('path = "people.csv"', 'path = "../people.csv"', ("card_value", "path")),
        ('path = "people.csv"', 'path = "other.csv"', ("card_value", "path")),
        ("count = 1", "count = -1", ("card_value", "count")),
        ("count = 1", "count = true", ("card_type", "count")),
        ("date_inferred = true", "date_inferred = 1", ("card_type", "date_inferred")),
        ('"inhabitants"', '"everybody"', ("card_value", "denominator")),
        ('["code", "foreigners"]', '["code", "code"]', ("card_value", "columns")),
        ('["code", "foreigners"]', '["code", 5]', ("card_type", "columns")),
        ("[title]", "[titles]", ("card_key_missing", "title")),
    ],
)
def test_what_cannot_be_true_is_refused(tmp_path, old, new, expected):
    assert old in CARD
    with pytest.raises(ProblemsError) as error:
        read_dataset_info(write(tmp_path, CARD.replace(old, new)))
    assert expected in codes(error)


def test_figures_must_say_what_they_do_not_count(tmp_path):
    with pytest.raises(ProblemsError) as error:
        read_dataset_info(write(tmp_path, CARD.partition("[does_not_count]")[0]))
    assert codes(error) == [("card_key_missing", "does_not_count")]


@pytest.mark.parametrize("content", [b"id = ", b"\xff\xfe", None])
def test_a_card_that_cannot_be_read(tmp_path, content):
    path = tmp_path / "people.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ProblemsError) as error:
        read_dataset_info(path)
    assert [p.code for p in error.value.problems] == ["card_unreadable"]


def test_a_missing_or_changed_file_is_refused(tmp_path):
    info = read_dataset_info(write(tmp_path))
    (tmp_path / "people.csv").write_bytes(CONTENT + b"500089,1\n")
    with pytest.raises(DataFileError, match="data_file_changed"):
        verify_file(info, tmp_path)
    with pytest.raises(DataFileError, match="data_file_missing"):
        verify_file(replace(info, path="none.csv"), tmp_path)


def test_all_cards_of_a_folder(tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
    write(tmp_path / "a")
    write(tmp_path / "b", CARD.replace('"people"', '"others"').replace("people.csv", "others.csv"), "others")
    found = read_all(tmp_path)
    assert {key: info.path for key, info in found.items()} == {"people": "a/people.csv", "others": "b/others.csv"}
    assert all(verify_file(info, tmp_path).is_file() for info in found.values())

    write(tmp_path / "b")
    (tmp_path / "b" / "others.toml").write_text("broken", encoding="utf-8")
    with pytest.raises(ProblemsError) as error:
        read_all(tmp_path)
    assert sorted(p.code for p in error.value.problems) == ["card_id_twice", "card_unreadable"]


@pytest.mark.parametrize("card", sorted(BUNDLED_DATA.rglob("*.toml")), ids=lambda path: path.stem)
def test_bundled_cards_describe_their_files(card):
    assert verify_file(read_dataset_info(card), card.parent).is_file()


def test_every_bundled_data_file_has_a_card():
    files = [p for p in BUNDLED_DATA.rglob("*") if p.suffix in {".csv", ".geojson", ".xlsx", ".json"}]
    assert files
    assert [p.name for p in files if not p.with_suffix(".toml").is_file()] == []
