"""Places for tests of the gate: a few crowded spots and some strays, of several organisations."""

from datetime import UTC, date, datetime, timedelta

import numpy as np

from domain.geometry import LonLat
from domain.place import PlaceRecord, PlaceState
from domain.roles import Clearance, Role, Share, Tier
from geo.disclosure import DEFAULT_SETTINGS, DisclosedPlaces, by_city_part, disclose_part, facts_of, place_columns
from geo.locate import locate_many

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
KINDS = (
    "ubytovna", "pracoviste", "trznice", "obchod", "dopravni_uzel", "komunita", "sidliste", "skola", "ulice",
    "urad", "azylove_zarizeni", "jina",
)  # fmt: skip
OUTSIDER = Clearance(role=Role.FIELD_WORKER, organisation_id="reader")
PARTICIPANT = Clearance(role=Role.PARTICIPANT, organisation_id="reader")
PARTNER = Clearance(role=Role.COORDINATOR, organisation_id="reader", partner_of=frozenset({"o1", "o2"}))
TOWN_HALL = Clearance(role=Role.COORDINATOR, organisation_id="reader", is_town_hall=True, partner_of=frozenset({"o1"}))
WHOLE_ONLY = (
    "id", "organisation_id", "name", "note", "admin_district", "cadastral_area", "border_city_part", "headcount",
    "access", "state", "last_visit_on", "last_outcome", "last_change", "last_change_on", "updated_at", "revision",
    "created_at", "created_by",
)  # fmt: skip


def columns_of(records):
    return place_columns([list(map(facts_of, records))])


def gate(records, reader, *, settings=DEFAULT_SETTINGS, fetch=None):
    """Return what a reader may see of the records, disclosed city part by city part as the app does it."""
    by_id = {record.id: record for record in records}
    parts = {
        code: disclose_part(columns, reader, now=NOW, settings=settings)
        for code, columns in by_city_part(columns_of(records)).items()
    }
    return DisclosedPlaces(parts=parts, fetch=fetch or (lambda ids: [by_id[name] for name in ids]), settings=settings)


def make_record(number=0, *, lon=14.4378, lat=50.0755, city_part="500089", **values):
    position = None if lon is None else LonLat(lon=lon, lat=lat)
    defaults = {
        "id": f"place-{number:06d}",
        "organisation_id": "o1",
        "kind": "ubytovna",
        "name": f"Jméno {number}",
        "note": f"Poznámka {number}",
        "position": position,
        "city_part": city_part,
        "admin_district": 2,
        "cadastral_area": "727164",
        "border_city_part": None,
        "languages": ("uk",),
        "target_groups": (),
        "headcount": "10_49",
        "access": "volny",
        "state": PlaceState.VERIFIED,
        "created_at": NOW,
        "created_by": f"author-{number:06d}",
        "updated_at": NOW - timedelta(days=30),
        "revision": 1,
    }
    return PlaceRecord(**{**defaults, **values})


def random_records(seed, count=150, *, organisations=3, spots=6):
    """Return records around a few spots in the middle of Prague, some without a position."""
    random = np.random.default_rng(seed)
    centres = np.column_stack([random.uniform(14.35, 14.52, spots), random.uniform(50.03, 50.12, spots)])
    points = centres[random.integers(0, spots, count * 2)] + random.normal(0, 1, (count * 2, 2)) * (0.006, 0.004)
    codes = locate_many(points[:, 0].copy(), points[:, 1].copy()).codes_of_city_parts()
    records = []
    for (lon, lat), code in zip(points.tolist(), codes, strict=True):
        if code is None or len(records) == count:
            continue
        number = len(records)
        visited = date(2026, 10, 15) - timedelta(days=int(random.integers(0, 600))) if random.random() < 0.7 else None
        records.append(
            make_record(
                number, lon=None if random.random() < 0.05 else lon, lat=lat, city_part=code,
                organisation_id=f"o{random.integers(1, organisations + 1)}", kind=str(random.choice(KINDS)),
                last_visit_on=visited, visit_count=int(random.integers(1, 9)) if visited else 0,
            )
        )  # fmt: skip
    return records


def spot(number, organisation, kind="ubytovna", **values):
    """A place in one and the same cell of resolution 10, in the middle of its piece."""
    return make_record(number, organisation_id=organisation, kind=kind, lon=14.4378 + number * 1e-6, **values)


def share(tier=Tier.EXACT, owner="o1", purpose="společný výjezd", until=NOW + timedelta(hours=1)):
    return Share(owner_organisation_id=owner, tier=tier, purpose=purpose, until=until)
