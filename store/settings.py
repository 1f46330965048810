"""Settings of the installation: a key and a JSON value."""

from typing import Any

import sqlalchemy as sa

from domain.errors import InvalidValueError
from domain.place import Actor
from store.engine import insert
from store.tables import canonical_json, settings
from store.writer import Repository, Transaction, mutation


class Settings(Repository):
    """The table of settings."""

    def get(self, key: str, default: Any = None) -> Any:  # noqa: ANN401  any JSON value
        """Return the value of `key`, `default` where it was never set."""
        with self._read() as connection:
            row = connection.execute(sa.select(settings.c.value).where(settings.c.key == key)).first()
        return default if row is None else row.value

    @mutation
    def set(self, tx: Transaction, key: str, value: Any, actor: Actor) -> None:  # noqa: ANN401  any JSON value
        """Set `key` to a JSON value; the value that it has already changes nothing.

        Raises
        ------
        InvalidValueError
            `setting_not_json`.
        """
        try:
            text = canonical_json(value)
        except (TypeError, ValueError):
            raise InvalidValueError("setting_not_json", key=key) from None
        present = tx.connection.execute(sa.select(settings.c.value).where(settings.c.key == key)).first()
        if present is not None and canonical_json(present.value) == text:
            return
        row = {"key": key, "value": value, "updated_at": tx.now, "updated_by": actor.account_id}
        statement = insert(tx.connection, settings)
        new = {name: statement.excluded[name] for name in row if name != "key"}
        tx.execute(statement.on_conflict_do_update(index_elements=["key"], set_=new), row)
        tx.audit("setting.set", "setting", key, actor=actor, payload={"value": value})
