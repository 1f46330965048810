"""Fields that the layers of the board share."""

from collections.abc import Mapping

from domain.text import Text
from layers.contract import Field, Formatter

LAST_MONTH_FIELD = Field(
    column="last_month",
    label=Text(cs="Naposledy", en="Last visit", uk="Востаннє"),
    formatter=Formatter.MONTH,
    tooltip=True,
)


def state_field(terms: Mapping[str, Text], *, column: str = "state") -> Field:
    """Return the field of a state, told in the words of `terms`."""
    label = Text(cs="Stav", en="State", uk="Стан")
    return Field(column=column, label=label, formatter=Formatter.TERM, terms=terms, tooltip=True)


def visits_field(label: Text) -> Field:
    """Return the field of a number of visits."""
    return Field(column="visits", label=label, formatter=Formatter.INTEGER, tooltip=True)
