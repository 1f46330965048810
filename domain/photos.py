"""Photos of places: what people agreed to, and what is kept of a picture. No persons, no metadata."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from domain.text import Text

MAX_UPLOAD_BYTES = 10 * 1024 * 1024
MAX_SIDE_PX = 1600
MAX_PIXELS = 40_000_000


class Consent(StrEnum):
    """For whom a photo may be used."""

    INTERNAL = "internal"
    WORKSHOP = "workshop"
    PUBLIC = "public"


CONSENT_LABELS: Mapping[Consent, Text] = MappingProxyType(
    {
        Consent.INTERNAL: Text(
            cs="jen uvnitř organizace", en="inside the organisation only", uk="лише всередині організації"
        ),
        Consent.WORKSHOP: Text(cs="i pro kulatý stůl", en="for a round table too", uk="також для круглого столу"),
        Consent.PUBLIC: Text(cs="i pro veřejnost", en="for the public too", uk="також для публіки"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanPhoto:
    """A picture that was decoded and written anew (JPEG): nothing of the file that came is in it."""

    content: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoRecord:
    """A stored photo; its picture lies in DATA_DIR/photos."""

    id: str
    place_id: str
    organisation_id: str
    consent: Consent
    width: int
    height: int
    size_bytes: int
    created_at: datetime
    created_by: str
