"""Whoever has everything that is published gets no hidden number back.

Random tables of persons by city part (full and sparse ones, with and without a base, with gaps, with sums of
sexes, with printed shares) are imported as an office would send them. Then every dataset, measure and way of
classing is asked for from the layer and from its CSV, and the pages' figures too. First each hidden cell must
be empty wherever it could stand. Then everything that tells of sums (the city's sentence, differences and
quotients beside their shares, how many units hold a half) is put together with all open cells, and integer
programmes ask of each hidden cell whether only one number fits. The bundled tables are looked at the same way.
Then a second table of the same persons comes (the same numbers beside other columns, without one city part, or
one sex alone), and all that both show is put together. As a control, the same attacks are made on tables where
only the small numbers are hidden, and on pairs where each table hides by itself: there they must succeed.
"""

import csv
import itertools
import random
import re
from dataclasses import replace
from datetime import date
from io import StringIO

import pandas as pd

from actions.city_part_profile import make_profile
from actions.import_table import (
    ImportDescription,
    figure_tables_from_store,
    import_table,
    prepare_import,
    preview_import,
)
from api import process
from domain.dataset import Denominator
from domain.roles import Role
from geo.concentration_values import MIN_DENOMINATOR
from geo.figure_table import ColumnKind
from geo.figures import load_figure_tables
from geo.overlap import joint_counts
from geo.suppression import CITY, suppress_table
from geo.unit_names import city_part_names
from tests.drills.findings import at_least, none_of, told
from tests.geo.recoverable import exact_bonds, find_recoverable, find_recoverable_together
from tests.tools.made_up import ACTOR, today
from tests.tools.two_organisations import app_in_process

DATASETS = 20
SHORT_DATASETS = 4
OVERLAPS = 2
MEASURES = ("count", "share", "density", "difference", "location_quotient", "cumulative", "level")
CLASSES = ("fixed", "natural", "quantiles")
ROUNDED = 0.5e-4  # the layer's values have four decimals
HALF_TENTH = 0.05  # the city's sentence has one
UNITS_TO = re.compile(r"20 % osob je v (\d+) městských částech, 50 % v (\d+)\.")
CITY_SENTENCE = re.compile(r"Celá Praha: ([\d\u00a0\u202f]+(?:,\d+)?)")


def run(seed, *, full):
    shown, recovered, weak, asked, hidden, joined, apart = [], [], 0, 0, 0, [], 0
    with app_in_process() as client:
        for number in range(DATASETS if full else SHORT_DATASETS):
            rng = random.Random(seed * 1000 + number)
            table, header, rows = import_random(rng, number, small=not full)
            masks, counts = suppress_table(table), counts_of(table)
            hidden += int(masks.hidden.to_numpy().sum())
            answers = list(every_answer(client, table, full=full))
            asked += len(answers)
            shown += shown_hidden(table, masks, answers)
            known = [bound for answer in answers for bound in bounds_of(table, masks, answer)]
            recovered += [(number, cell) for cell in find_recoverable(counts, table.sums, masks, known)]
            naive = replace(masks, complement=masks.complement & False)
            weak += len(find_recoverable(counts, table.sums, naive))
            for _ in range(OVERLAPS):
                found, alone = come_back_together(table, import_overlapping(rng, number, header, rows))
                joined += [(number, "together", cell) for cell in found]
                apart += len(alone)
        bundled, looked = bundled_shown(client, full=full)
    for what in (*shown, *recovered, *joined, *bundled):
        print("  found:", *what)
    return [
        at_least("random datasets", number + 1, DATASETS if full else SHORT_DATASETS),
        at_least("answers asked for", asked, 400 if full else 20),
        at_least("hidden cells", hidden, 100 if full else 5),
        none_of("hidden cells that an answer shows", len(shown)),
        none_of("hidden cells that come back by working out", len(recovered)),
        none_of("hidden cells that come back from two tables of the same persons", len(joined)),
        at_least("cells that come back where each of two tables hides by itself (control)", apart, 1),
        at_least("cells that come back where only small numbers are hidden (control)", weak, 1),
        told("hidden cells of the bundled tables, looked for in layers and files", looked),
        none_of("of them shown", len(bundled)),
    ]


def import_random(rng, number, *, small):
    """Import a random table through the action; return it as the map takes it, and its header and rows."""
    names = {code: name if name.startswith("Praha-") else f"MČ {name}" for code, name in city_part_names().items()}
    units = rng.choice([4, 6, 9] if small else [4, 6, 9, 20, 57, 57])
    codes = sorted(rng.sample(sorted(names), units))
    with_base, with_sexes, with_share = rng.random() < 0.8, rng.random() < 0.5, rng.random() < 0.3
    small_share = rng.choice([0.2, 0.5, 0.9])
    rows = []
    for code in codes:
        men, women = (random_count(rng, small_share) for _ in range(2))
        total = men + women
        base = "" if rng.random() < 0.15 else total + rng.choice([0, 30, 400, 3000])
        row = [names[code], total]
        row += [men, women] if with_sexes else []
        row += [base] if with_base else []
        row += [f"{100 * total / base:.1f}".replace(".", ",") if base else ""] if with_base and with_share else []
        rows.append(row)
    header = ["MČ", "Osoby", *(["Muži", "Ženy"] if with_sexes else []), *(["Obyvatelé"] if with_base else [])]
    header += ["Podíl (%)"] if with_base and with_share else []
    return import_rows(header, rows, f"{number}"), header, rows


def random_count(rng, small_share):
    return 0 if rng.random() < 0.2 else rng.randint(1, 4 if rng.random() < small_share else 90)


def import_overlapping(rng, number, header, rows):
    """Import a second table of the same persons, as another file would bring it."""
    ways = ["beside", "without one"] + (["one sex"] if "Muži" in header else [])
    way = rng.choice(ways)
    kept = [row[:2] for row in rows]
    if way == "one sex":
        column = header.index(rng.choice(["Muži", "Ženy"]))
        return import_rows(["MČ", "Část"], [[row[0], row[column]] for row in rows], f"{number} {way}")
    if way == "without one":
        kept.remove(rng.choice(kept))
        return import_rows(["MČ", "Osoby"], kept, f"{number} {way}")
    kept = [[*row, other := random_count(rng, 0.2), row[1] + other] for row in kept]
    return import_rows(["MČ", "Osoby", "Jiní", "Dohromady"], kept, f"{number} {way}")


def import_rows(header, rows, name):
    with_base = "Obyvatelé" in header
    text = "\r\n".join(";".join(str(cell) for cell in row) for row in [header, *rows])
    preview = preview_import(text.encode("utf-8-sig"), f"osoby-{name}.csv")
    description = ImportDescription(
        title=f"Vymyšlené osoby {name}", publisher="Úřad", reference_date=date(2026, 1, 1), does_not_count="",
        denominator=Denominator.INHABITANTS if with_base else Denominator.NONE, base_column="obyvatele" if with_base else None,
    )  # fmt: skip
    info = import_table(
        process.store(), prepare_import(preview, description, today=today()), ACTOR, role=Role.COORDINATOR
    )
    return figure_tables_from_store(process.store())[info.id]


def come_back_together(first, second):
    """Return what comes back from two tables of the same persons, as they hide it and as each alone would."""
    tables = figure_tables_from_store(process.store())
    linked = [tables[one.info.id] for one in (first, second)]
    plain = [replace(one, together=()) for one in linked]
    bonds = exact_bonds(joint_counts(plain))
    return find_recoverable_together(plain, linked, bonds), find_recoverable_together(plain, plain, bonds)


def counts_of(table):
    return table.values[list(table.columns_of_kind(ColumnKind.COUNT))]


def every_answer(client, table, *, full):
    """Yield (column, measure, rows by code, note) of each answer about a table, out of layer, CSV and page."""
    bases = {column.denominator_column for column in table.columns.values()}
    for name in table.columns:
        if name in bases:
            continue
        dataset = table.info.id if name == table.main_column else f"{table.info.id}:{name}"
        for measure, classes in itertools.product(MEASURES, CLASSES if full else CLASSES[:1]):
            query = f"dataset={dataset}&measure={measure}&classes={classes}"
            answer = client.get(f"/api/v1/layers/concentration?{query}&geometry=none").json()
            rows = {one["id"]: one["properties"] for one in answer["features"]}
            yield name, measure, rows, answer["note"]
        kept = client.get(f"/api/v1/exports/concentration.csv?dataset={dataset}&measure=count").text
        yield name, "file", dict(enumerate(csv.reader(StringIO(kept), delimiter=";"))), ""
    for code in table.values.index:
        profile = make_profile(
            code, tables={table.info.id: table}, store=process.store(), organisation_id=ACTOR.organisation_id
        )
        for one in profile.imported:
            yield one.result.column, "page", {code: {"value": one.value}}, ""


def rests_on(table, name):
    """Return the columns of persons that an answer about a column rests on."""
    column = table.columns[name]
    if column.kind is not ColumnKind.COUNT:
        return list(table.columns_of_kind(ColumnKind.COUNT))
    return [one for one in (name, column.denominator_column) if one]


def shown_hidden(table, masks, answers):
    """Return where an answer has a number in a hidden cell, or the city's hidden sum."""
    found = []
    for name, measure, rows, note in answers:
        columns = rests_on(table, name)
        hidden = masks.hidden[columns].any(axis="columns")
        if measure == "file":
            named = {city_part_names()[code]: code for code in table.values.index if hidden[code]}
            for row in rows.values():
                code = next((named[cell] for cell in row if cell in named), None)
                numbers = [cell for cell in row if re.fullmatch(r"[\d\u00a0\u202f ]+(,\d+)?", cell) and cell != code]
                found += [(name, "file", row)] if code and numbers else []
            continue
        for code, row in rows.items():
            if code in hidden.index and hidden[code]:
                found += [(name, measure, code, key) for key in ("value", "count", "base") if row.get(key) is not None]
        if masks.hidden.loc[CITY, columns].any() and CITY_SENTENCE.search(note):
            found.append((name, measure, "city", note))
    return found


def bounds_of(table, masks, answer):
    """Return what an answer tells of sums over the city: terms and between what they lie."""
    name, measure, rows, note = answer
    base = table.columns[name].denominator_column
    if table.columns[name].kind is not ColumnKind.COUNT or measure in {"file", "page"}:
        return []
    values = table.values
    both = values.index if base is None else values.index[values[name].notna() & values[base].notna()]
    found = []
    if base is not None:
        low, high = city_share(values, name, base, rows, note, measure)
        for limit, below in ((low, True), (high, False)):
            if limit is not None:
                terms = [*(((code, name), 1.0) for code in both), *(((code, base), -limit) for code in both)]
                slack = 1e-6 * float(values.loc[both, base].sum())
                found.append((terms, -slack, float("inf")) if below else (terms, float("-inf"), slack))
        found += half_bounds(table, masks, name, base, note, list(both)) if measure == "cumulative" else []
    return found


def city_share(values, name, base, rows, note, measure):
    """Return between what the share of the whole city lies, by what an answer says of single units."""
    low, high = None, None
    if measure == "share" and (said := CITY_SENTENCE.search(note)):
        share = float(said[1].replace("\u00a0", "").replace("\u202f", "").replace(",", "."))
        low, high = (share - HALF_TENTH) / 100, (share + HALF_TENTH) / 100
    for code, row in rows.items():
        value = row.get("value")
        if measure not in {"difference", "location_quotient"} or value is None or isinstance(value, str):
            continue
        count, over = float(values.loc[code, name]), float(values.loc[code, base])
        if measure == "difference" and over:
            ends = ((count - value - ROUNDED) / over, (count - value + ROUNDED) / over)
        elif measure == "location_quotient" and over and value > ROUNDED:
            ends = (count / over / (value + ROUNDED), count / over / (value - ROUNDED))
        else:
            continue
        low, high = ends[0] if low is None else max(low, ends[0]), ends[1] if high is None else min(high, ends[1])
    return low, high


def half_bounds(table, masks, name, base, note, both):
    """Return what follows from how many units hold 20 % and 50 % of all persons, in the order that is used."""
    said = UNITS_TO.search(note)
    if not said:
        return []
    values = table.values
    hidden = masks.hidden[[name, base]].any(axis="columns")

    def place(code):
        if hidden[code]:
            return (2, 0.0, code)
        over = values.loc[code, base]
        usable = pd.notna(over) and over >= MIN_DENOMINATOR
        return (0, -float(values.loc[code, name]) / float(over), code) if usable else (1, 0.0, code)

    order = sorted(values.index, key=place)
    found = []
    for part, count in zip((0.2, 0.5), map(int, said.groups()), strict=True):
        # The units before the last one needed hold less than the part, with it they hold as much.
        for upto, is_less in ((count - 1, True), (count, False)):
            if upto < 0:
                continue
            inside = set(order[:upto])
            terms = [((code, name), (1.0 if code in inside else 0.0) - part) for code in order]
            found.append((terms, float("-inf"), -1e-9) if is_less else (terms, -1e-9, float("inf")))
    return found


def bundled_shown(client, *, full):
    """Return which hidden cells of the bundled tables of temporary protection a layer or a file shows, and how many there are."""
    found, looked = [], 0
    files = {}
    for key, table in load_figure_tables().items():
        if not key.startswith("temporary_protection"):
            continue
        day = table.info.reference_date.isoformat()
        hidden = suppress_table(table).hidden.drop(index=CITY)
        cells = [(code, name) for code in hidden.index for name in hidden.columns if hidden.loc[code, name]]
        looked += len(cells)
        for measure in ("count", "per_1000"):
            answer = client.get(
                f"/api/v1/layers/temporary_protection?date={day}&measure={measure}&geometry=none"
            ).json()
            rows = {one["id"]: one["properties"] for one in answer["features"]}
            found += [(key, measure, code, name) for code, name in cells if rows[code].get(name) is not None]
            main = {code for code, name in cells if name == table.main_column}
            found += [(key, measure, code, "value") for code in main if rows[code].get("value") is not None]
        series = table.info.series
        file = files.setdefault(series, client.get(f"/api/v1/datasets/{series}").text)
        for row in csv.DictReader(StringIO(file.lstrip("\ufeff"))):
            if row.get("date") == day:
                found += [
                    (key, "file", code, name)
                    for code, name in cells
                    if row["code"] == code and row.get(name, "").isdigit()
                ]
        if not full:
            break
    return found, looked
