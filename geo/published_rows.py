"""A bundled table as it may leave the house: hidden cells say so instead of their number."""

import pandas as pd

from domain.dataset import DatasetInfo
from geo.provenance import BUNDLED_DATA, verify_file
from geo.shipped_suppression import PRIMARY, shipped_cells
from geo.suppression import COMPLEMENT, SUPPRESSED

_WORDS = {True: SUPPRESSED.cs, False: COMPLEMENT.cs}


def published_rows(info: DatasetInfo) -> pd.DataFrame:
    """Return the rows of a bundled CSV as text, with small counts of persons hidden.

    Parameters
    ----------
    info
        A card of `geo.provenance.read_all`, whose `path` is relative to `data/`.

    Raises
    ------
    DataFileError
        If the file is missing or not the one its card describes.

    Examples
    --------
    >>> from geo.provenance import read_all
    >>> rows = published_rows(read_all()["temporary_protection_2026"])
    >>> int((rows == "méně než 5").sum().sum()) > 0
    True
    """
    frame = pd.read_csv(verify_file(info, BUNDLED_DATA), dtype=str, keep_default_na=False)
    if "date" not in frame.columns or "code" not in frame.columns:
        return frame
    # A file of several dates holds one table a date, `<subject>_<date>`.
    subject = info.id.rsplit("_", 1)[0]
    for day in frame["date"].unique():
        cells = shipped_cells().get(f"{subject}_{day}")
        if cells is None:
            continue
        for code, column, reason in zip(cells["code"], cells["column"], cells["reason"], strict=True):
            if column in frame.columns:
                rows = (frame["date"] == day) & (frame["code"] == code)
                frame.loc[rows, column] = _WORDS[reason == PRIMARY]
    return frame
