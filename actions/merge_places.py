"""Possible duplicates: found by distance, kind and words; merged, or told apart, by a coordinator.

Within an organisation a pair is found by what both records say exactly. Across organisations only
what the gate shows at T2 counts (cell, coarse kind): a nearer criterion would tell anybody who
records a place on trial where another organisation's place stands.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from actions.gate_settings import gate_settings
from actions.validate import REASON_MAX_LENGTH, clean_text, text_problems
from domain.errors import NotPermittedError, ProblemsError
from domain.place import Actor, PlaceFilter, PlaceRecord, PlaceState
from domain.roles import Clearance, Permission, require_permission
from domain.vocabulary import Scope, coarse_kind, terms
from geo.crs import distance_m
from geo.disclosure import DisclosedPlace, DisclosureSettings, disclose, is_own
from store import Store
from store.place_rows import cells_of, fold

RADIUS_M = 150.0
SAME_SPOT_M = 30.0
WORDS_ALIKE = 0.5
LEAST_SCORE = 0.5
_WEIGHTS = {"distance": 0.4, "kind": 0.3, "words": 0.3}
_COARSE_KIND_SHARE = 0.5
_T2_RESOLUTION = 9
_STATES = (PlaceState.SUGGESTED, PlaceState.VERIFIED)
_KINDS = tuple(term.code for term in terms("typ_lokality", Scope.PLACE))
_SHORTEST_WORD = 3
_NAMELESS = frozenset({"ubytovna", "hostel", "trznice", "sklad", "hala", "obchod", "skola", "the", "pri", "nad", "pod"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PossibleDuplicate:
    """Two places that may be one. `other` passed the gate: whole if own, an area of T2 if not.

    `distance_m` is None where a place has no point or where the pair goes across organisations;
    `shared_words` are those of both names. `other_id` is for the decision alone and is never shown.
    """

    own: DisclosedPlace
    other: DisclosedPlace | None
    own_id: str
    other_id: str
    distance_m: float | None
    same_kind: bool
    shared_words: tuple[str, ...]
    score: float
    is_across: bool
    city_part: str
    coarse_kind: str
    cell: str | None = None
    month: str | None = None


def words_of(name: str) -> frozenset[str]:
    """Return the words of a name that tell it from others, without diacritics and case.

    Examples
    --------
    >>> sorted(words_of("Ubytovna U Řeky, hala 3"))
    ['reky']
    """
    plain = "".join(letter if letter.isalnum() else " " for letter in fold(name))
    return frozenset(word for word in plain.split() if len(word) >= _SHORTEST_WORD) - _NAMELESS


def words_alike(one: str, other: str) -> float:
    """Return the share of common words among all words of two names, 0 where one has none.

    Examples
    --------
    >>> words_alike("Ubytovna Řeka", "ubytovna reka"), words_alike("", "Řeka")
    (1.0, 0.0)
    """
    first, second = words_of(one), words_of(other)
    if not first or not second:
        return 0.0
    return len(first & second) / len(first | second)


def score_of(one: PlaceRecord, other: PlaceRecord) -> tuple[float, float | None]:
    """Return how much two records look like one place (0 to 1) and their distance in metres.

    Distance, kind and words weigh 0.4, 0.3 and 0.3; without a point the city part stands for a
    quarter of the distance's weight. A setting of the product, not a finding.
    """
    words = words_alike(one.name, other.name)
    if one.kind == other.kind:
        kind = 1.0
    else:
        kind = _COARSE_KIND_SHARE if coarse_kind(one.kind) is coarse_kind(other.kind) else 0.0
    if one.position is None or other.position is None:
        if one.city_part != other.city_part or words < WORDS_ALIKE:
            return 0.0, None
        near, metres = 0.5, None
    else:
        metres = distance_m(one.position, other.position)
        if metres > RADIUS_M:
            return 0.0, metres
        near = 1.0 if metres <= SAME_SPOT_M else 1.0 - metres / RADIUS_M
    score = _WEIGHTS["distance"] * near + _WEIGHTS["kind"] * kind + _WEIGHTS["words"] * words
    return score, metres


def possible_duplicates(
    store: Store, records: Iterable[PlaceRecord], actor: Actor, clearance: Clearance, *, now: datetime
) -> list[PossibleDuplicate]:
    """Return the undecided pairs that the given own places belong to, the likeliest first.

    Raises
    ------
    NotPermittedError
        `not_permitted` without the permission to merge.
    """
    require_permission(clearance.role, Permission.MERGE_PLACES)
    decided = {(one.first_id, one.second_id) for one in store.merges.decisions(actor.organisation_id)}
    settings = gate_settings(store)
    found: dict[tuple[str, str], PossibleDuplicate] = {}
    for record in records:
        if not is_own(record.organisation_id, clearance) or record.state not in _STATES:
            continue
        candidates = _candidates(store, record)
        own = disclose([record], clearance, now=now, settings=settings)[0] if candidates else None
        for other in candidates:
            first, second = sorted((record.id, other.id))
            if (first, second) in decided or (first, second) in found:
                continue
            pair = _pair(record, own, other, clearance, now, settings) if own else None
            if pair is not None:
                found[first, second] = pair
    return sorted(found.values(), key=likeness_key)


def likeness_key(pair: PossibleDuplicate) -> tuple[float, str, str]:
    """Return what pairs are sorted by, the likeliest first."""
    return -pair.score, pair.own_id, pair.other_id


def _candidates(store: Store, record: PlaceRecord) -> list[PlaceRecord]:
    """Return active places that could be the same: near ones, and own ones of the same city part without a point."""
    only = PlaceFilter(organisation_ids=(record.organisation_id,), city_parts=(record.city_part,), states=_STATES)
    if record.position is None:
        return [other for other in store.places.find(only=only, limit=1000) if other.id != record.id]
    owner = record.organisation_id
    near = store.places.nearby(record.position, radius_m=RADIUS_M, organisation_id=owner)
    own = [other for other, _ in near if other.id != record.id]
    absorbed = store.merges.absorbed_across()
    coarse = coarse_kind(record.kind)
    alike = PlaceFilter(
        kinds=tuple(kind for kind in _KINDS if coarse_kind(kind) is coarse),
        city_parts=(record.city_part,),
        states=_STATES,
    )
    cell = cells_of(record.position.lon, record.position.lat)["h3_9"]
    others = [
        other
        for other in store.places.in_cell(cell, only=alike)
        if other.organisation_id != owner and other.id not in absorbed
    ]
    return own + others


def _pair(
    record: PlaceRecord,
    own: DisclosedPlace,
    other: PlaceRecord,
    clearance: Clearance,
    now: datetime,
    settings: DisclosureSettings,
) -> PossibleDuplicate | None:
    if other.organisation_id == record.organisation_id:
        score, metres = score_of(record, other)
        shared_words = tuple(sorted(words_of(record.name) & words_of(other.name)))
        if score < LEAST_SCORE:
            return None
        (shown,) = disclose([other], clearance, now=now, settings=settings)
        return PossibleDuplicate(
            own=own, other=shown, own_id=record.id, other_id=other.id, distance_m=metres,
            same_kind=record.kind == other.kind, shared_words=shared_words, score=score, is_across=False,
            city_part=record.city_part, coarse_kind=coarse_kind(record.kind).value,
        )  # fmt: skip
    assert other.position is not None
    return PossibleDuplicate(
        own=own, other=None, own_id=record.id, other_id=other.id, distance_m=None, same_kind=False, shared_words=(),
        score=LEAST_SCORE, is_across=True, city_part=other.city_part, coarse_kind=coarse_kind(other.kind).value,
        cell=cells_of(other.position.lon, other.position.lat)[f"h3_{_T2_RESOLUTION}"],
        month=f"{other.last_visit_on:%Y-%m}" if other.last_visit_on else None,
    )  # fmt: skip


def merge_places(
    store: Store,
    merge_id: str,
    actor: Actor,
    clearance: Clearance,
    *,
    kept: DisclosedPlace,
    absorbed: DisclosedPlace,
    reason: str = "",
) -> PlaceRecord:
    """Merge two own places as they were shown, and return the kept one.

    Raises
    ------
    ProblemsError
        `invalid_record` where the reason is too long.
    NotPermittedError, StaleRevisionError, NotFoundError, InvalidValueError
        As `store.merges.Merges.merge`.
    """
    require_permission(clearance.role, Permission.MERGE_PLACES)
    reason = clean_text(reason)
    problems = text_problems("reason", reason, limit=REASON_MAX_LENGTH, lines=False)
    if problems:
        raise ProblemsError("invalid_record", problems)
    if kept.id is None or absorbed.id is None:
        raise NotPermittedError("other_organisation")
    return store.merges.merge(
        merge_id,
        kept_id=kept.id,
        kept_revision=kept.revision or 0,
        absorbed_id=absorbed.id,
        absorbed_revision=absorbed.revision or 0,
        actor=actor,
        reason=reason,
    )


def decide_pair(
    store: Store, merge_id: str, pair: PossibleDuplicate, actor: Actor, clearance: Clearance, *, is_same: bool
) -> bool:
    """Say whether a pair is one place; return whether two organisations have now agreed that it is."""
    require_permission(clearance.role, Permission.MERGE_PLACES)
    return store.merges.decide(merge_id, own_id=pair.own_id, other_id=pair.other_id, is_same=is_same, actor=actor)


def undo_merge(store: Store, merge_id: str, actor: Actor, clearance: Clearance) -> None:
    """Take a merge back; raises as `store.merges.Merges.undo`."""
    require_permission(clearance.role, Permission.MERGE_PLACES)
    store.merges.undo(merge_id, actor=actor)
