"""Three catalogues with the same keys, the same placeholders, and plural forms that exist."""

import ast
import re
from pathlib import Path

import pytest
from fluent.syntax import FluentParser
from fluent.syntax.ast import Junk, Message
from fluent.syntax.visitor import Visitor

from domain.errors import InvalidValueError, Problem, ProblemsError
from domain.text import Language
from ui.localisation import LOCALES, Messages, message_keys

ROOT = Path(__file__).parents[2]
# CLDR: which forms a language tells apart for whole numbers.
PLURALS = {Language.CS: {"one", "few"}, Language.EN: {"one"}, Language.UK: {"one", "few"}}


def entries(language):
    for path in sorted((LOCALES / language.value).glob("*.ftl")):
        yield from ((path.name, entry) for entry in FluentParser().parse(path.read_text(encoding="utf-8")).body)


class Variables(Visitor):
    def __init__(self):
        self.names = set()

    def visit_VariableReference(self, node):
        self.names.add(node.id.name)


class Selects(Visitor):
    def __init__(self):
        self.forms = []

    def visit_SelectExpression(self, node):
        self.forms.append({variant.key.name for variant in node.variants if hasattr(variant.key, "name")})
        self.generic_visit(node)


def variables(message):
    visitor = Variables()
    visitor.visit(message)
    return visitor.names


@pytest.mark.parametrize("language", list(Language))
def test_catalogue_parses_and_has_no_key_twice(language):
    seen = {}
    for name, entry in entries(language):
        assert not isinstance(entry, Junk), f"{language}/{name}: {entry.content[:80]}"
        if isinstance(entry, Message):
            assert entry.id.name not in seen, f"{entry.id.name} in {name} and {seen[entry.id.name]}"
            seen[entry.id.name] = name


def test_key_sets_are_equal():
    assert message_keys(Language.CS) == message_keys(Language.EN) == message_keys(Language.UK)


def test_placeholders_are_equal():
    by_language = {
        language: {entry.id.name: variables(entry) for _, entry in entries(language) if isinstance(entry, Message)}
        for language in Language
    }
    assert by_language[Language.CS] == by_language[Language.EN] == by_language[Language.UK]


@pytest.mark.parametrize("language", list(Language))
def test_counted_messages_have_the_forms_of_the_language(language):
    for name, entry in entries(language):
        if isinstance(entry, Message):
            visitor = Selects()
            visitor.visit(entry)
            for forms in visitor.forms:
                if forms & {"one", "few", "many"}:
                    assert forms >= PLURALS[language], f"{name}: {entry.id.name}"


def test_every_key_that_the_code_names_exists():
    known = message_keys(Language.CS)
    missing = []
    for folder in ("ui", "pages", "api"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                    called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                    key = node.args[0].value
                    if called in {"messages", "say"} and isinstance(key, str) and re.fullmatch(r"[a-z0-9-]+", key):
                        missing += [f"{path.name}:{node.lineno} {key}"] * (key not in known)
    assert missing == []


# A one-letter preposition or conjunction, or a number before its unit, never ends a line.
LONELY = re.compile(r"(?<!\w)[ksvzouaiKSVZOUAI] (?=\S)|(?<=[\d}]) (?:m|km|km²|MB|м|км|км²|МБ|%)(?![\w²])")


def test_no_line_ends_with_one_letter_or_between_a_number_and_its_unit():
    found = [
        f"{path.parent.name}/{path.name}: {line.strip()[:80]}"
        for path in sorted(LOCALES.rglob("*.ftl"))
        for line in path.read_text(encoding="utf-8").splitlines()
        for lonely in LONELY.finditer(line.partition("=")[2] or line)
        if not line.startswith("#") and (path.parent.name == "cs" or not lonely[0].endswith(" "))
    ]
    assert found == []


def test_czech_counts():
    messages = Messages(Language.CS)
    assert "máte místo" in messages("record-duplicates", count=1)
    assert "2 místa" in messages("record-duplicates", count=2)
    assert "5 míst" in messages("record-duplicates", count=5)


def test_numbers_and_dates():
    from datetime import UTC, date, datetime

    messages = Messages(Language.CS)
    assert messages.number(1301432) == "1\u00a0301\u00a0432"
    assert messages.percent(32.44) == "32,4\u00a0%"
    assert messages.date(date(2018, 4, 10)) == "10.\u00a04.\u00a02018"
    assert messages.date(datetime(2026, 1, 1, 23, 30, tzinfo=UTC)) == "2.\u00a01.\u00a02026"


def test_errors_become_sentences():
    messages = Messages(Language.CS)
    assert "99" in messages.error(InvalidValueError("position_out_of_range", field="lon", value="999"))
    assert "neznamy_kod" in messages.error(InvalidValueError("neznamy_kod"))
    several = ProblemsError("x", [Problem(code="unknown_layer"), Problem(code="cors_off"), Problem(code="cors_off")])
    assert len(messages.sentences(several)) == 2
