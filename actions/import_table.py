"""Import a table per city part: look at it, describe it, store it, undo it."""

import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from types import MappingProxyType

import pandas as pd

from domain.dataset import DatasetInfo, Denominator
from domain.errors import InvalidValueError, Problem, ProblemsError
from domain.place import Actor
from domain.roles import Permission, Role, require_permission
from domain.text import Text
from geo.figures import PERCENT, PERSONS, ColumnKind, FigureColumn, FigureTable, figure_table_from_frame
from geo.overlap import link_tables
from geo.table_join import Decisions, JoinedTable, join_to_city_parts
from geo.tables import RawTable, looks_personal, read_table
from store import Store

BASE_COLUMN = "base"
"""Id of the stored column that shares are over; the ids of the others begin with their kind."""

MAX_TITLE = 120
MAX_TEXT = 500
FIRST_DATE = date(1900, 1, 1)
NOT_STATED = Text(cs="neuvedeno", en="not stated", uk="не вказано")
VALUE = Text(cs="hodnota", en="value", uk="значення")
_DENOMINATOR_NOTES: Mapping[Denominator, Text] = MappingProxyType(
    {
        Denominator.INHABITANTS: Text(cs="všichni obyvatelé", en="all inhabitants", uk="усі мешканці"),
        Denominator.CITIZENS: Text(
            cs="čeští občané v registru", en="Czech citizens in the register", uk="громадяни Чехії в реєстрі"
        ),
    }
)
_CACHED_TABLES = 64
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPreview:
    """A table as it would be joined; `joined` is None until it is known which column names the rows."""

    raw: RawTable
    key_column: str | None
    value_columns: tuple[str, ...]
    joined: JoinedTable | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportDescription:
    """What a person says of a table.

    `title` is what it counts, in the person's words. `does_not_count` None means not answered,
    an empty text that the publisher does not say. `base_column` is the column of the file that
    shares are over. `counts_persons` puts small numbers under suppression.
    """

    title: str
    publisher: str
    reference_date: date | None
    denominator: Denominator | None
    does_not_count: str | None
    denominator_note: str = ""
    base_column: str | None = None
    counts_persons: bool = True
    source: str = ""
    licence: str = ""
    invented: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedImport:
    """A table that can be stored as it is: the card, the columns (id -> label) and the values."""

    info: DatasetInfo
    columns: Mapping[str, str]
    values: Mapping[str, Mapping[str, float | None]]


def preview_import(
    data: bytes,
    filename: str,
    *,
    sheet: str | None = None,
    key_column: str | None = None,
    value_columns: Sequence[str] | None = None,
    decisions: Decisions | None = None,
) -> ImportPreview:
    """Read a file and join it, without storing anything.

    Parameters
    ----------
    data, filename, sheet
        See `geo.tables.read_table`.
    key_column, value_columns
        Columns chosen by a person; where None, those that the file suggests.
    decisions
        See `geo.table_join.Decisions`.

    Raises
    ------
    DataFileError
        If the file is none that can be taken; nothing else leaves this function.
    InvalidValueError
        If a decision is none.
    """
    raw = read_table(data, filename, sheet=sheet)
    return preview_table(raw, key_column=key_column, value_columns=value_columns, decisions=decisions)


def preview_table(
    raw: RawTable,
    *,
    key_column: str | None = None,
    value_columns: Sequence[str] | None = None,
    decisions: Decisions | None = None,
) -> ImportPreview:
    """Join a table that has been read; see `preview_import`."""
    key = key_column or raw.key_guess
    chosen = tuple(column for column in (raw.value_guess if value_columns is None else value_columns) if column != key)
    joined = join_to_city_parts(raw, key, chosen, decisions) if key and chosen else None
    return ImportPreview(raw=raw, key_column=key, value_columns=chosen, joined=joined)


def prepare_import(preview: ImportPreview, description: ImportDescription, *, today: date) -> PreparedImport:
    """Put a joined table and its description together.

    Raises
    ------
    ProblemsError
        Code `import_not_ready`, with everything that is missing or cannot be true, at once.
    """
    joined = preview.joined
    problems = _problems_of_description(description, today)
    if joined is None or not joined.is_ready or not joined.values:
        problems.append(Problem(code="import_undecided"))
    if joined is not None:
        problems += _problems_of_denominator(description, joined)
    if problems or joined is None:
        raise ProblemsError("import_not_ready", problems)
    columns, values = _stored_form(joined, description)
    info = _card(preview.raw, description, columns, len(values))
    digest = hashlib.sha256(json.dumps([repr(info), columns, values], sort_keys=True).encode()).hexdigest()
    # The same file with the same description has the same id, in every installation.
    info = replace(info, id=f"import_{digest[:16]}", series=f"import_{digest[:16]}")
    try:
        _make_table(info, columns, values)
    except ProblemsError as error:
        named = [replace(problem, field=columns.get(problem.field, problem.field)) for problem in error.problems]
        raise ProblemsError("import_not_ready", named) from error
    return PreparedImport(info=info, columns=columns, values=values)


def import_table(store: Store, prepared: PreparedImport, actor: Actor, *, role: Role) -> DatasetInfo:
    """Store a prepared table; from then on it is a measure on the map.

    The same file with the same description again changes nothing and gives the card that is stored.

    Raises
    ------
    NotPermittedError
        If the role may not import.
    """
    require_permission(role, Permission.IMPORT_TABLE)
    return store.datasets.add(prepared.info, prepared.columns, prepared.values, actor)


def undo_import(store: Store, dataset_id: str, actor: Actor, *, role: Role) -> None:
    """Take an imported table off the map; it stays in the store and can be brought back.

    Raises
    ------
    NotPermittedError
        If the role may not undo imports.
    NotFoundError
        Code `unknown_dataset`.
    """
    require_permission(role, Permission.UNDO_IMPORT)
    store.datasets.undo(dataset_id, actor)


def redo_import(store: Store, dataset_id: str, actor: Actor, *, role: Role) -> None:
    """Bring an undone table back; raises as `undo_import`."""
    require_permission(role, Permission.UNDO_IMPORT)
    store.datasets.redo(dataset_id, actor)


def imported_from_file(store: Store, sha256: str) -> tuple[DatasetInfo, ...]:
    """Return the cards of the tables in use that came from the file with this SHA-256."""
    return tuple(stored.info for stored in store.datasets.all() if stored.info.sha256 == sha256)


def figure_tables_from_store(store: Store) -> Mapping[str, FigureTable]:
    """Return the imported tables in use by dataset id, as the map takes them.

    The same stored tables give the same objects on every call, so that results can be cached by them.
    Those that tell of the same persons know of each other, so that none shows what another one hides.
    """
    tables = []
    for stored in store.datasets.all():
        try:
            values = {code: dict(row) for code, row in stored.values.items()}
            tables.append(_table_of_json(stored.info, json.dumps(dict(stored.columns)), json.dumps(values)))
        except ProblemsError:
            # One table that the rules of a later version refuse must not take the whole map away.
            _log.exception("imported table %s is left out", stored.info.id)
    return MappingProxyType({table.info.id: table for table in link_tables(tuple(tables))})


@lru_cache(maxsize=_CACHED_TABLES)
def _table_of_json(info: DatasetInfo, columns: str, values: str) -> FigureTable:
    return _make_table(info, json.loads(columns), json.loads(values))


def _make_table(
    info: DatasetInfo, columns: Mapping[str, str], values: Mapping[str, Mapping[str, float | None]]
) -> FigureTable:
    """Return the table of figures; raises ProblemsError where figures are impossible."""
    frame = pd.DataFrame.from_dict({code: dict(row) for code, row in values.items()}, orient="index", dtype=float)
    base = BASE_COLUMN if BASE_COLUMN in columns else None
    described = {}
    for column, label in columns.items():
        kind = ColumnKind.COUNT if column == BASE_COLUMN else ColumnKind(column.partition("_")[0])
        described[column] = FigureColumn(
            label=Text(cs=label, en=label, uk=label),
            unit={ColumnKind.COUNT: PERSONS, ColumnKind.SHARE: PERCENT}.get(kind, VALUE),
            kind=kind,
            denominator_column=base if kind is ColumnKind.COUNT and column != base else None,
        )
    return figure_table_from_frame(info, frame, described)


def _stored_form(
    joined: JoinedTable, description: ImportDescription
) -> tuple[dict[str, str], dict[str, dict[str, float | None]]]:
    """Return columns and values under ids that say what kind of numbers a column holds."""
    new_ids = {column: _stored_id(column, joined, description) for column in joined.columns}
    # What the table is about comes first: the map shows the first count.
    order = sorted(joined.columns, key=lambda column: column == description.base_column)
    columns = {new_ids[column]: joined.columns[column] for column in order}
    values = {code: {new_ids[column]: row[column] for column in order} for code, row in sorted(joined.values.items())}
    return columns, values


def _stored_id(column: str, joined: JoinedTable, description: ImportDescription) -> str:
    if column == description.base_column:
        return BASE_COLUMN
    if column in joined.percent:
        return f"{ColumnKind.SHARE.value}_{column}"
    numbers = [row[column] for row in joined.values.values()]
    whole = all(number is None or (number >= 0 and number.is_integer()) for number in numbers)
    kind = ColumnKind.COUNT if description.counts_persons and whole else ColumnKind.OTHER
    return f"{kind.value}_{column}"


def _card(raw: RawTable, description: ImportDescription, columns: Mapping[str, str], count: int) -> DatasetInfo:
    """Return the card, still without an id."""
    title = _one_line(description.title)
    note = _one_line(description.denominator_note)
    not_counted = _one_line(description.does_not_count or "")
    denominator = description.denominator or Denominator.NONE
    return DatasetInfo(
        id="",
        title=_same(title),
        publisher=_one_line(description.publisher),
        source=_one_line(description.source) or _one_line(raw.filename)[:MAX_TITLE],
        licence=_one_line(description.licence) or NOT_STATED.cs,
        reference_date=description.reference_date,
        denominator=denominator,
        denominator_note=_same(note) if note else _DENOMINATOR_NOTES.get(denominator),
        does_not_count=_same(not_counted) if not_counted else NOT_STATED,
        count=count,
        sha256=raw.sha256,
        columns=tuple(columns),
        imported=True,
        invented=description.invented,
    )


def _same(text: str) -> Text:
    """Return a person's words in place of all three languages: nobody translated them."""
    return Text(cs=text, en=text, uk=text)


def _one_line(text: str) -> str:
    """Return the text without control characters and line breaks."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _problems_of_description(description: ImportDescription, today: date) -> list[Problem]:
    """Return what is missing in the texts and the date, or cannot be true."""
    problems = []
    if not _one_line(description.title):
        problems.append(Problem(code="import_title_missing"))
    if not _one_line(description.publisher):
        problems.append(Problem(code="import_publisher_missing"))
    if description.does_not_count is None:
        problems.append(Problem(code="import_does_not_count_missing"))
    if description.reference_date is None:
        problems.append(Problem(code="import_date_missing"))
    elif not FIRST_DATE <= description.reference_date <= today:
        problems.append(Problem(code="import_date_impossible", value=description.reference_date.isoformat()))
    limits = {"title": MAX_TITLE, "publisher": MAX_TITLE, "source": MAX_TEXT, "licence": MAX_TEXT}
    limits |= {"does_not_count": MAX_TEXT, "denominator_note": MAX_TEXT}
    for name, limit in limits.items():
        text = getattr(description, name) or ""
        if len(text) > limit:
            problems.append(Problem(code="import_text_too_long", value=text[:40], limit=str(limit)))
        if looks_personal(text):
            problems.append(Problem(code="import_text_personal", value=text[:40]))
    return problems


def _problems_of_denominator(description: ImportDescription, joined: JoinedTable) -> list[Problem]:
    """Return where shares would stand without saying what they are over."""
    if description.denominator is None:
        return [Problem(code="import_denominator_missing")]
    problems = []
    base = description.base_column
    if description.denominator is Denominator.OTHER and not _one_line(description.denominator_note):
        problems.append(Problem(code="import_denominator_note_missing"))
    if base is not None and base not in joined.columns:
        raise InvalidValueError("table_unknown_column", column=base)
    if description.denominator is Denominator.NONE and base is not None:
        problems.append(Problem(code="import_base_needs_denominator", field=joined.columns[base]))
    if description.denominator is Denominator.NONE and joined.percent:
        shares = ", ".join(joined.columns[column] for column in joined.columns if column in joined.percent)
        problems.append(Problem(code="import_share_needs_denominator", field=shares))
    if base is not None and len(joined.columns) == 1:
        problems.append(Problem(code="import_only_base", field=joined.columns[base]))
    return problems
