"""Make `data/figures/suppressed_cells.csv`: `python -m geo.build_suppressed_cells`.

Run it after a bundled table has changed; it prints the number of rows and the SHA-256 that belong
into the card.
"""

from collections.abc import Iterable

import pandas as pd

from geo.figure_table import FIGURES_FOLDER, ColumnKind, FigureTable, Level
from geo.figures import load_figure_tables
from geo.provenance import sha256_of
from geo.shipped_suppression import COLUMNS, COMPLEMENT, PRIMARY
from geo.suppression import suppress


def hidden_cells(table: FigureTable) -> list[tuple[str, str, str, str]]:
    """Return a row per hidden cell of a table; one with an empty code where none is hidden."""
    masks = suppress(table.values[list(table.columns_of_kind(ColumnKind.COUNT))], table.sums)
    cells = [
        (table.info.id, str(code), str(column), reason)
        for reason, mask in ((PRIMARY, masks.primary), (COMPLEMENT, masks.complement))
        for column in mask.columns
        for code in mask.index[mask[column]]
    ]
    return sorted(cells) or [(table.info.id, "", "", "")]


def build(tables: Iterable[FigureTable]) -> str:
    """Return the file's text for all tables of city parts."""
    rows = [row for table in tables if table.level is Level.CITY_PART for row in hidden_cells(table)]
    return str(pd.DataFrame(rows, columns=list(COLUMNS)).to_csv(index=False, lineterminator="\n"))


def main() -> None:
    """Build the file in place."""
    path = FIGURES_FOLDER / "suppressed_cells.csv"
    text = build(load_figure_tables().values())
    path.write_text(text, encoding="utf-8", newline="\n")
    print(f"{path.name}: {len(text.splitlines()) - 1} rows, sha256 {sha256_of(path)}")


if __name__ == "__main__":
    main()
