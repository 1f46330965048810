"""The parts of the benches that decide what a figure says: percentiles, ratios, verdicts, what is written."""

import json
import sys
import types

import pytest

from tests.bench import run as bench_run
from tests.bench.bench_data import invented_places
from tests.bench.figures import markdown_table, net_ratio, percentile, row, text_table, write_json


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        (range(1, 101), 0.95, 95),
        (range(1, 21), 0.95, 19),
        ([3.0, 1.0, 2.0], 0.5, 2.0),
        ([3.0, 1.0, 2.0], 1, 3.0),
        ([7.0], 0.95, 7.0),
    ],
)
def test_percentile_is_the_nearest_rank(values, share, expected):
    assert percentile(values, share) == expected


@pytest.mark.parametrize(("values", "share"), [([], 0.5), ([1.0], 0), ([1.0], 1.1)])
def test_percentile_refuses_what_has_no_answer(values, share):
    with pytest.raises(ValueError, match=r"values|share"):
        percentile(values, share)


def test_net_ratio_takes_the_empty_page_off_both():
    assert net_ratio([150, 900, 160], [500, 510, 505], [100, 110, 90]) == pytest.approx(60 / 405)
    assert net_ratio([80], [500], [100]) < 0


def test_net_ratio_against_something_that_costs_nothing_is_refused():
    with pytest.raises(ValueError, match="costs nothing"):
        net_ratio([150], [100], [100])


def test_a_figure_at_its_limit_is_within_and_above_it_is_over():
    assert row("a", 0.35, "x", 0.35)["within"]
    assert not row("a", 0.351, "x", 0.35)["within"]
    assert row("a", 9e9, "x")["within"]


def test_what_is_no_number_is_no_figure():
    with pytest.raises(ValueError, match="no figure"):
        row("a", float("nan"), "x", 1)


def test_tables_say_which_figure_is_over():
    rows = [row("first paint", 1234.4, "ms", digits=0), row("ratio", 0.5, "x", 0.35), row("bytes", 4100, "B", 5120)]
    text = text_table(rows).splitlines()
    assert "1,234 ms" in text[1]
    assert text[2].endswith("0.35  OVER")
    assert text[3].endswith("5,120  within")
    assert "| ratio | 0.5 x | 0.35 x | OVER |" in markdown_table(rows)
    assert "| first paint | 1,234 ms |  |  |" in markdown_table(rows)


def test_json_holds_every_row(tmp_path):
    sections = {"map": {"seconds": 1.5, "rows": [row("ratio", 0.5, "x", 0.35)]}}
    write_json(tmp_path / "build" / "bench.json", seed=7, machine={"cores": 2}, sections=sections)
    kept = json.loads((tmp_path / "build" / "bench.json").read_text(encoding="utf-8"))
    assert kept == {"seed": 7, "machine": {"cores": 2}, "benches": sections}


@pytest.fixture
def one_bench(monkeypatch, tmp_path):
    """A run with one bench whose figure the test chooses."""

    def set_value(value):
        module = types.ModuleType("made_up_bench")
        module.run = lambda seed: [row("made up", value, "x", 1.0), row("seed", seed, "")]
        monkeypatch.setitem(sys.modules, "made_up_bench", module)

    monkeypatch.setattr(bench_run, "BENCHES", {"made_up": "made_up_bench"})
    monkeypatch.setattr(bench_run, "KEPT", tmp_path / "bench.json")
    monkeypatch.setattr(bench_run, "PAGE", tmp_path / "benchmarks.md")
    set_value(0.5)
    return set_value


def test_a_run_writes_json_and_page(one_bench, tmp_path, capsys):
    assert bench_run.main(["--seed", "7", "--write"]) == 0
    kept = json.loads((tmp_path / "bench.json").read_text(encoding="utf-8"))
    assert [entry["value"] for entry in kept["benches"]["made_up"]["rows"]] == [0.5, 7]
    page = (tmp_path / "benchmarks.md").read_text(encoding="utf-8")
    assert "| made up | 0.5 x | 1 x | within |" in page
    assert kept["machine"]["date"] in page
    assert "Every figure is within its limit." in page
    assert "0 over the limit" in capsys.readouterr().out


def test_a_run_over_a_limit_says_so_and_ends_with_1(one_bench, tmp_path, capsys):
    one_bench(1.5)
    assert bench_run.main(["--write"]) == 1
    assert "Over the limit: made up." in (tmp_path / "benchmarks.md").read_text(encoding="utf-8")
    assert "1 over the limit\n  made up" in capsys.readouterr().out


def test_a_single_bench_is_not_written_as_if_it_were_all(one_bench, tmp_path):
    assert bench_run.main(["--only", "made_up"]) == 0
    assert not (tmp_path / "bench.json").exists()
    with pytest.raises(SystemExit):
        bench_run.main(["--only", "made_up", "--write"])


def test_invented_places_are_the_same_for_a_seed_and_lie_in_prague():
    some, again, other = (list(invented_places(300, seed)) for seed in (5, 5, 6))
    assert some == again
    assert some != other
    assert len({place.draft.id for place in some}) == 300
    assert all(place.city_part and place.draft.position for place in some)
