"""The hidden cells of the bundled tables, worked out beforehand.

Finding them takes seconds (`geo.suppression`), and the bundled tables never change; so they lie in
`data/figures/suppressed_cells.csv`, made by `python -m geo.build_suppressed_cells`. A test works
them out again.
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

import pandas as pd

from geo.figure_table import FIGURES_FOLDER
from geo.provenance import read_dataset_info, verify_file

PRIMARY, COMPLEMENT = "primary", "complement"
COLUMNS = ("dataset", "code", "column", "reason")


@cache
def shipped_cells() -> Mapping[str, pd.DataFrame]:
    """Return the hidden cells by dataset id: rows with `code` (or `city`), `column`, `reason`.

    A dataset that is listed with an empty code has no hidden cell.

    Raises
    ------
    DataFileError
        If the file is missing or not the one its card describes.

    Examples
    --------
    >>> len(shipped_cells()["foreigners_2019"])
    0
    """
    info = read_dataset_info(FIGURES_FOLDER / "suppressed_cells.toml")
    frame = pd.read_csv(verify_file(info, FIGURES_FOLDER), dtype=str, keep_default_na=False)
    return MappingProxyType({str(name): rows[rows["code"] != ""] for name, rows in frame.groupby("dataset")})
