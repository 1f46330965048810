"""Visits and changes for tests of the gate."""

from datetime import date

from domain.place import ChangeRecord, VisitRecord
from tests.geo.disclosure_samples import NOW


def make_visit(record, organisation):
    return VisitRecord(
        id=f"visit-{organisation}", place_id=record.id, city_part=record.city_part, organisation_id=organisation,
        happened_on=date(2026, 10, 1), outcome="informovan", form="prima", contacts="1_4", languages=("uk",),
        needs=(), barriers=(), note=f"{organisation} viděla", created_at=NOW, created_by=f"author-{organisation}",
        revision=1,
    )  # fmt: skip


def make_change(record, organisation):
    return ChangeRecord(
        id=f"change-{organisation}", place_id=record.id, organisation_id=organisation, change="uzavreni",
        happened_on=date(2026, 10, 2), note=f"{organisation} slyšela", created_at=NOW,
        created_by=f"author-{organisation}",
    )  # fmt: skip
