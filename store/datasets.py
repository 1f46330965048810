"""Imported tables of figures: added once, undone, redone, never deleted by a person's slip."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from domain.dataset import DatasetInfo, Denominator
from domain.errors import InvalidValueError, NotFoundError
from domain.place import Actor
from domain.text import Text
from store.tables import canonical_json, datasets
from store.writer import Repository, Transaction, mutation

Values = Mapping[str, Mapping[str, float | None]]

# `id` is made anew by every import and `path` differs between machines: they tell no two files apart.
_NOT_IN_FINGERPRINT = frozenset({"id", "path"})
_TEXTS = frozenset({"title", "date_note", "denominator_note", "does_not_count"})


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDataset:
    """An imported table: its card, what its columns mean, and its values as they were added."""

    info: DatasetInfo
    columns: Mapping[str, str]
    values: Values


class Datasets(Repository):
    """The table of imported datasets."""

    @mutation
    def add(
        self, tx: Transaction, info: DatasetInfo, columns: Mapping[str, str], values: Values, actor: Actor
    ) -> DatasetInfo:
        """Store a dataset and return its card.

        The same file with the same card and values again changes nothing and returns the card that
        is stored; if that one had been undone, it is redone.

        Raises
        ------
        InvalidValueError
            `dataset_id_taken` if another dataset has the id; `value_not_finite`.
        """
        info = replace(info, imported=True)
        try:
            fingerprint = _fingerprint(info, columns, values)
        except ValueError:
            raise InvalidValueError("value_not_finite", id=info.id) from None
        present = tx.connection.execute(
            sa.select(datasets.c.id, datasets.c.info, datasets.c.undone).where(datasets.c.fingerprint == fingerprint)
        ).first()
        if present is not None:
            if present.undone:
                _set_undone(tx, present.id, undone=False, actor=actor)
            return info_from_json(present.info)
        taken = tx.connection.execute(sa.select(datasets.c.id).where(datasets.c.id == info.id)).first()
        if taken is not None:
            raise InvalidValueError("dataset_id_taken", id=info.id)
        card = info_to_json(info)
        row = {
            "id": info.id,
            "fingerprint": fingerprint,
            "info": card,
            "columns": dict(columns),
            "values": {key: dict(inner) for key, inner in values.items()},
            "organisation_id": actor.organisation_id,
            "created_at": tx.now,
            "created_by": actor.account_id,
            "undone": False,
        }
        tx.execute(sa.insert(datasets), row)
        payload = {"info": card, "columns": row["columns"], "fingerprint": fingerprint}
        tx.audit("dataset.add", "dataset", info.id, actor=actor, payload=payload)
        return info

    @mutation
    def undo(self, tx: Transaction, dataset_id: str, actor: Actor) -> None:
        """Take a dataset off the map and the tables; a second time it changes nothing.

        Raises
        ------
        NotFoundError
            `unknown_dataset`.
        """
        _set_undone(tx, dataset_id, undone=True, actor=actor)

    @mutation
    def redo(self, tx: Transaction, dataset_id: str, actor: Actor) -> None:
        """Bring an undone dataset back; raises as `undo`."""
        _set_undone(tx, dataset_id, undone=False, actor=actor)

    def all(self) -> list[StoredDataset]:
        """Return the datasets in use, in the order in which they were added."""
        return self._list(undone=False)

    def undone(self) -> list[StoredDataset]:
        """Return the datasets that were undone, in the order in which they were added."""
        return self._list(undone=True)

    def _list(self, *, undone: bool) -> list[StoredDataset]:
        query = (
            sa.select(datasets.c.info, datasets.c["columns"], datasets.c["values"])
            .where(datasets.c.undone.is_(undone))
            .order_by(datasets.c.created_at, datasets.c.id)
        )
        with self._read() as connection:
            return [
                StoredDataset(info=info_from_json(info), columns=columns, values=values)
                for info, columns, values in connection.execute(query)
            ]


def _set_undone(tx: Transaction, dataset_id: str, *, undone: bool, actor: Actor) -> None:
    present = tx.connection.execute(sa.select(datasets.c.undone).where(datasets.c.id == dataset_id)).first()
    if present is None:
        raise NotFoundError("unknown_dataset", id=dataset_id)
    if present.undone == undone:
        return
    tx.execute(sa.update(datasets).where(datasets.c.id == dataset_id).values(undone=undone))
    action = "dataset.undo" if undone else "dataset.redo"
    tx.audit(action, "dataset", dataset_id, actor=actor, payload={})


def _fingerprint(info: DatasetInfo, columns: Mapping[str, str], values: Values) -> str:
    card = {name: value for name, value in info_to_json(info).items() if name not in _NOT_IN_FINGERPRINT}
    inner = {key: dict(found) for key, found in values.items()}
    return hashlib.sha256(canonical_json([card, dict(columns), inner]).encode()).hexdigest()


def info_to_json(info: DatasetInfo) -> dict[str, Any]:
    """Return the card in the types of JSON."""
    card: dict[str, Any] = {}
    for field in fields(info):
        value = getattr(info, field.name)
        if isinstance(value, Text):
            value = {"cs": value.cs, "en": value.en, "uk": value.uk}
        elif isinstance(value, date):
            value = value.isoformat()
        elif isinstance(value, tuple):
            value = list(value)
        card[field.name] = value
    return card


def info_from_json(card: Mapping[str, Any]) -> DatasetInfo:
    """Return the card that `info_to_json` wrote; fields that came later have their defaults."""
    values = dict(card)
    for name in _TEXTS & values.keys():
        values[name] = Text(**values[name]) if values[name] else None
    values["reference_date"] = date.fromisoformat(values["reference_date"]) if values["reference_date"] else None
    values["denominator"] = Denominator(values["denominator"])
    values["columns"] = tuple(values["columns"])
    return DatasetInfo(**values)
