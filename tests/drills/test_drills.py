"""Every drill in its short form, and the report that the full form writes."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.drills.findings import at_least, none_of, timing
from tests.drills.run import drill, drill_names, failed, report, text_table
from tests.tools.postgres import require_postgres


@pytest.mark.parametrize("name", drill_names())
def test_short_form(name):
    if getattr(drill(name), "NEEDS_POSTGRES", False):
        require_postgres()
    # In a thread of its own: the browser of the other tests occupies this one.
    with ThreadPoolExecutor(1) as alone:
        findings = alone.submit(drill(name).run, 1, full=False).result()
    assert any(finding.decides for finding in findings)
    assert failed(findings) == [], text_table(findings)


@pytest.mark.parametrize("name", drill_names())
def test_its_docstring_is_a_sentence(name):
    assert (drill(name).__doc__ or "").strip().endswith(".")


def test_counts_decide_and_times_do_not():
    findings = [none_of("lost", 1), at_least("tried", 3, 4), timing("took", 9.0, "s", 1.0), none_of("doubled", 0)]
    assert [finding.name for finding in failed(findings)] == ["lost", "tried"]
    assert "took: 9 s (at most 1: over)" in text_table(findings)


def test_a_figure_that_is_none_is_refused():
    with pytest.raises(ValueError, match="no figure"):
        timing("took", float("nan"), "s")


def test_report(monkeypatch):
    monkeypatch.setattr("tests.drills.run.drill", lambda _name: type("Module", (), {"__doc__": "Loses nothing."}))
    text = report("loss", [none_of("lost", 1)], seed=1, seconds=2.0)
    assert "**Not passed.**" in text
    assert "| lost | 1  | at most 0 | FAILED |" in text
