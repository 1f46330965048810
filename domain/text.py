"""Text in the three languages of the product."""

from dataclasses import dataclass
from enum import StrEnum


class Language(StrEnum):
    """Language of the interface; Czech comes first."""

    CS = "cs"
    EN = "en"
    UK = "uk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One text in Czech, English and Ukrainian. None of the three may be empty.

    Examples
    --------
    >>> Text(cs="Metro", en="Metro", uk="Метро").to(Language.UK)
    'Метро'
    """

    cs: str
    en: str
    uk: str

    def __post_init__(self) -> None:
        for language in Language:
            if not getattr(self, language).strip():
                raise ValueError(f"text {self.cs!r} lacks language {language.value!r}")

    def to(self, language: Language) -> str:
        """Return the text in `language`."""
        return str(getattr(self, language.value))
