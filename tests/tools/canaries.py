"""Canaries: texts, ids, names and exact positions of one organisation, and the search for them in any bytes."""

import itertools
import random
import re
import zlib
from dataclasses import dataclass, field
from datetime import timedelta

from actions.photos import add_photo
from domain.accounts import Identity, InvitationDraft, ShareDraft
from domain.coverage import DeclaredCoverage
from domain.geometry import LonLat
from domain.place import Actor, ChangeDraft, LocatedPlace, PlaceDraft, PlaceState, VisitDraft
from domain.plans import PlanDraft, PlanItemDraft
from domain.quick_records import QuarterNoteDraft, QuickKind, QuickRecordDraft
from domain.roles import Role
from geo.locate import locate
from store import utc_now
from tests.store.people import join, new_id
from tests.tools.made_up import today
from tests.tools.pictures import picture

WORD = "kanarek"
# None of them is an open kind: those a partner may see exactly.
KINDS = ("ubytovna", "pracoviste", "komunita", "sidliste")
PHOTOS = 10
_TEXT = re.compile(rf"{WORD}\d{{4}}", re.IGNORECASE)
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_DECIMAL = re.compile(r"(?<![\d.])\d{2}[.,]\d{4}")
_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)


@dataclass
class Canaries:
    """What was stored: texts by number, ids with what they are of, positions as they begin."""

    texts: dict = field(default_factory=dict)
    ids: dict = field(default_factory=dict)
    positions: dict = field(default_factory=dict)
    photos: list = field(default_factory=list)
    plans: list = field(default_factory=list)
    places: list = field(default_factory=list)

    def text(self, what):
        """Return a new text that is found wherever it goes."""
        name = f"{WORD}{len(self.texts):04d}"
        self.texts[name] = what
        return f"{name} v textu"

    def id(self, what):
        made = new_id()
        self.ids[made] = what
        return made

    def position(self, rng):
        """Return a position whose first four decimals are the same however it is rounded."""
        lon, lat = rng.randint(140_000 + 3_900, 144_900), rng.randint(500_300, 501_100)
        # The middle of the fifth decimal stays in the fourth when it is rounded.
        where = LonLat(lon=lon / 10_000 + 0.000043, lat=lat / 10_000 + 0.000046)
        self.positions[f"{lon / 10_000:.4f}", f"{lat / 10_000:.4f}"] = "position"
        return where

    def __len__(self):
        return len(self.texts) + len(self.ids) + len(self.positions)

    def found_in(self, content):
        """Return the canaries in bytes: as text, and in the packed streams of a PDF."""
        if content.startswith(b"%PDF"):
            content += b"\n".join(unpacked(stream) for stream in _STREAM.findall(content))
        text = content.decode("utf-8", "replace")
        found = {match.lower() for match in _TEXT.findall(text)} & set(self.texts)
        found |= set(_ID.findall(text)) & set(self.ids)
        numbers = [number.replace(",", ".") for number in _DECIMAL.findall(text)]
        pairs = {pair for one in itertools.pairwise(numbers) for pair in (one, one[::-1])}
        return found | (pairs & set(self.positions))


def unpacked(stream):
    try:
        return zlib.decompressobj().decompress(stream)
    except zlib.error:
        return b""


def fill(store, organisation, people, *, places, seed):
    """Store canaries of an organisation in everything that holds a text, a position or an id."""
    rng, canaries = random.Random(seed), Canaries()
    worker, coordinator = people[Role.FIELD_WORKER], people[Role.COORDINATOR]
    for number in range(places):
        record = add_place(store, canaries, rng, worker, number)
        add_events(store, canaries, record, worker, coordinator, number)
    for number in range(PHOTOS):
        clearance = store.accounts.standing(worker.account_id).clearance
        photo_id = canaries.id("photo")
        place_id, content = canaries.places[number % len(canaries.places)], picture(size=(20 + number, 20))
        add_photo(store, photo_id, content, worker, clearance, place_id=place_id, consent="public")
        canaries.photos.append(photo_id)
    for number in range(5):
        add_plan(store, canaries, worker)
        note = QuarterNoteDraft(
            id=canaries.id("quarter note"), city_part="500119", quarter="2026-Q3", vocabulary="typ_pobytu",
            code="neregulerni", note=canaries.text("quarter note"),
        )  # fmt: skip
        store.quarter_notes.add(note, coordinator)
        quick = QuickRecordDraft(
            id=canaries.id("quick record"), kind=QuickKind.ACCOMPANIMENT, happened_on=today(), language="uk",
            place_id=canaries.places[number],
        )  # fmt: skip
        store.quick_records.add(quick, worker)
        covered = DeclaredCoverage(
            id=canaries.id("coverage"), organisation_id=organisation.id, city_part=("500119", "500089")[number % 2],
            since=today() - timedelta(days=number),
        )  # fmt: skip
        store.declared_coverage.add(covered, coordinator)
        name = canaries.text("name of an account").split()[0]
        gone = join(store, organisation, Role.FIELD_WORKER, name)
        canaries.ids[gone.account_id] = "account"
    merge(store, canaries, coordinator)
    for actor in (worker, coordinator):
        canaries.ids[actor.account_id] = "author"
    return canaries


def add_place(store, canaries, rng, worker, number):
    while True:
        where = canaries.position(rng)
        try:
            found = locate(where)
        except Exception:
            canaries.positions.popitem()
            continue
        break
    draft = PlaceDraft(
        id=canaries.id("place"), kind=KINDS[number % len(KINDS)], name=canaries.text("name"), position=where,
        note=canaries.text("note"),
    )  # fmt: skip
    located = LocatedPlace(
        draft=draft, city_part=found.city_part, admin_district=found.admin_district, cadastral_area=found.cadastral_area
    )
    canaries.places.append(draft.id)
    return store.places.add(located, worker)


def add_events(store, canaries, record, worker, coordinator, number):
    visit = VisitDraft(
        id=canaries.id("visit"), place_id=record.id, happened_on=today() - timedelta(days=number % 40),
        outcome="informovan", note=canaries.text("visit"), area=canaries.text("area"),
    )  # fmt: skip
    store.visits.add(visit, worker)
    change = ChangeDraft(
        id=canaries.id("change"), place_id=record.id, change="nabor", happened_on=today(), note=canaries.text("change")
    )
    store.changes.add(change, worker)
    if number % 3 == 0:
        store.reviews.step(
            record.id, PlaceState.VERIFIED, revision=store.places.get(record.id).revision, actor=coordinator,
            reason=canaries.text("reason"),
        )  # fmt: skip


def add_plan(store, canaries, worker):
    item = PlanItemDraft(
        id=canaries.id("outing"), city_part="500119", visits=2, gain=1.0, p_low_before=0.7, p_low_after=0.5
    )
    plan = PlanDraft(id=canaries.id("plan"), title=canaries.text("plan"), need="foreigners", items=(item,))
    canaries.plans.append(store.plans.add(plan, worker).id)


def merge(store, canaries, coordinator):
    kept, absorbed = (store.places.get(place_id) for place_id in canaries.places[-2:])
    store.merges.merge(
        canaries.id("merge"), kept_id=kept.id, kept_revision=kept.revision, absorbed_id=absorbed.id,
        absorbed_revision=absorbed.revision, actor=coordinator, reason=canaries.text("merge"),
    )  # fmt: skip


def share_and_revoke(store, people, other):
    """Share the places and take the share back: what was seen once must not stay."""
    draft = ShareDraft(id=new_id(), organisation_id=other.id, purpose="výjezd", until=utc_now() + timedelta(days=1))
    store.shares.add(draft, actor=people[Role.COORDINATOR])
    store.shares.revoke(draft.id, actor=people[Role.COORDINATOR])


def join_of_provider(store, organisation, role, *, issuer, name):
    """Let somebody in whom the provider of sign-in at `issuer` knows by `sub-<name>`."""
    checks, store.writer.checks_accounts = store.writer.checks_accounts, False
    try:
        secret, actor = new_id(), Actor(account_id=new_id(), organisation_id=organisation.id)
        draft = InvitationDraft(id=new_id(), organisation_id=organisation.id, role=role)
        store.invitations.add(draft, secret=secret, actor=actor)
        who = Identity(issuer=issuer, subject=f"sub-{name}", email=f"{name}@example.org", name=name)
        store.invitations.accept(secret, identity=who, account_id=actor.account_id, actor=actor)
    finally:
        store.writer.checks_accounts = checks
    return actor
