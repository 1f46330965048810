"""Plans of outings: stored, claimed by one team at a time, done, given back."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from domain.errors import InvalidValueError, NotFoundError, NotPermittedError, StaleRevisionError
from domain.place import Actor
from domain.plans import (
    CLAIMABLE,
    CRITERIA,
    FINISHED,
    ItemStateError,
    Plan,
    PlanDraft,
    PlanItem,
    PlanItemDraft,
    PlanItemState,
)
from domain.vocabulary import Scope, require_term
from store.tables import plan_items, plans, visits
from store.writer import Repository, Transaction, mutation

_DRAFT_FIELDS = tuple(field.name for field in fields(PlanItemDraft))
_ITEM_COLUMNS = [plan_items.c[field.name] for field in fields(PlanItem)]
_HEAD_COLUMNS = [plans.c[field.name] for field in fields(Plan) if field.name != "items"]
_FREE: Mapping[str, Any] = {"team": None, "day": None, "claimed_by": None}


class Plans(Repository):
    """The tables of plans and their items. A plan is changed by its own organisation only."""

    @mutation
    def add(self, tx: Transaction, draft: PlanDraft, actor: Actor) -> Plan:
        """Store a plan with its items and return it; the same draft sent again is the stored plan.

        Raises
        ------
        InvalidValueError
            `term_not_allowed` for a reason that is no term of the vocabulary.
        NotPermittedError, StaleRevisionError
            If the id is taken by a plan of another organisation, or by one that says something else.
        """
        for item in draft.items:
            for code in item.reasons:
                require_term(CRITERIA, code, Scope.OUTING)
        if _head(tx.connection, draft.id) is not None:
            present = _own_plan(tx.connection, draft.id, actor)
            if _as_draft(present) != draft:
                raise StaleRevisionError(present, expected=0)
            return present
        head = {"id": draft.id, "title": draft.title, "need": draft.need, "withdrawn": False}
        made = {"organisation_id": actor.organisation_id, "created_at": tx.now, "created_by": actor.account_id}
        tx.execute(sa.insert(plans), {**head, **made})
        rows = [
            {
                **{name: getattr(item, name) for name in _DRAFT_FIELDS},
                "plan_id": draft.id, "rank": rank, "state": PlanItemState.PLANNED.value, **_FREE, "visit_id": None,
            }
            for rank, item in enumerate(draft.items, start=1)
        ]  # fmt: skip
        if rows:
            tx.execute(sa.insert(plan_items), rows)
        payload = {"title": draft.title, "need": draft.need, "items": [_item_payload(item) for item in draft.items]}
        tx.audit("plan.add", "plan", draft.id, actor=actor, payload=payload)
        return _own_plan(tx.connection, draft.id, actor)

    @mutation
    def withdraw(self, tx: Transaction, plan_id: str, actor: Actor) -> None:
        """Take a plan back with everything that is claimed in it; what was done stays done.

        Raises
        ------
        NotFoundError, NotPermittedError
            `unknown_plan`, `other_organisation`.
        """
        _own_plan(tx.connection, plan_id, actor)
        changed = tx.execute(
            sa.update(plans).where(plans.c.id == plan_id, plans.c.withdrawn.is_(False)).values(withdrawn=True)
        )
        if changed.rowcount:
            tx.audit("plan.withdraw", "plan", plan_id, actor=actor, payload={})

    @mutation
    def claim(self, tx: Transaction, item_id: str, actor: Actor, *, team: int, day: date) -> PlanItem:
        """Take an item for a team and a day. Of two teams that want it at once, the first has it.

        The same claim sent again changes nothing.

        Raises
        ------
        ItemStateError
            `plan_item_taken` if another team has it, `plan_item_finished` if it is done.
        NotFoundError, NotPermittedError, InvalidValueError
            `unknown_plan_item`, `other_organisation`, `plan_withdrawn`.
        """
        item = _own_item(tx.connection, item_id, actor)
        claim = {"team": team, "day": day, "claimed_by": actor.account_id}
        # The state stands in the condition, so that on any database only one of two claims changes a row.
        changed = tx.execute(
            sa.update(plan_items)
            .where(plan_items.c.id == item_id, plan_items.c.state.in_([state.value for state in CLAIMABLE]))
            .values(state=PlanItemState.CLAIMED.value, **claim)
        )
        if changed.rowcount:
            payload = {"team": team, "day": day.isoformat(), "city_part": item.city_part}
            tx.audit("plan_item.claim", "plan_item", item_id, actor=actor, payload=payload)
            return _item(tx.connection, item_id)
        item = _item(tx.connection, item_id)
        if item.state in FINISHED:
            raise ItemStateError("plan_item_finished", item)
        if (item.team, item.day, item.claimed_by) != (team, day, actor.account_id):
            raise ItemStateError("plan_item_taken", item)
        return item

    @mutation
    def give_back(self, tx: Transaction, item_id: str, actor: Actor) -> PlanItem:
        """Make a claimed item free again; a second time it changes nothing.

        Raises
        ------
        ItemStateError
            `plan_item_not_claimed`.
        NotFoundError, NotPermittedError, InvalidValueError
            As `claim`.
        """
        item = _own_item(tx.connection, item_id, actor)
        if item.state is PlanItemState.GIVEN_BACK:
            return item
        if item.state is not PlanItemState.CLAIMED:
            raise ItemStateError("plan_item_not_claimed", item)
        _update(tx, item_id, {"state": PlanItemState.GIVEN_BACK.value, **_FREE})
        tx.audit("plan_item.give_back", "plan_item", item_id, actor=actor, payload={"city_part": item.city_part})
        return _item(tx.connection, item_id)

    @mutation
    def finish(
        self, tx: Transaction, item_id: str, actor: Actor, *, visit_id: str, nobody_there: bool = False
    ) -> PlanItem:
        """Close a claimed item with the visit that was made; nobody being there is a finding too.

        Raises
        ------
        ItemStateError
            `plan_item_not_claimed`; `plan_item_finished` if it was closed with something else.
        NotFoundError, InvalidValueError
            `unknown_visit` (withdrawn ones and those of other organisations too), `visit_elsewhere`
            if the visit was in another city part, else as `claim`.
        """
        item = _own_item(tx.connection, item_id, actor)
        state = PlanItemState.NOBODY_THERE if nobody_there else PlanItemState.DONE
        if (item.state, item.visit_id) == (state, visit_id):
            return item
        if item.state is not PlanItemState.CLAIMED:
            code = "plan_item_finished" if item.state in FINISHED else "plan_item_not_claimed"
            raise ItemStateError(code, item)
        _require_visit(tx.connection, visit_id, item, actor)
        _update(tx, item_id, {"state": state.value, "visit_id": visit_id})
        payload = {"state": state.value, "visit_id": visit_id, "city_part": item.city_part}
        tx.audit("plan_item.finish", "plan_item", item_id, actor=actor, payload=payload)
        return _item(tx.connection, item_id)

    def get(self, plan_id: str) -> Plan:
        """Return a plan, withdrawn ones too; `NotFoundError` (`unknown_plan`) if there is none."""
        with self._read() as connection:
            return _plan(connection, plan_id)

    def item(self, item_id: str) -> PlanItem:
        """Return an item; `NotFoundError` (`unknown_plan_item`) if there is none."""
        with self._read() as connection:
            return _item(connection, item_id)

    def for_organisation(self, organisation_id: str) -> list[Plan]:
        """Return the plans of an organisation that were not withdrawn, the latest first."""
        own = (plans.c.organisation_id == organisation_id, plans.c.withdrawn.is_(False))
        heads = sa.select(*_HEAD_COLUMNS).where(*own).order_by(plans.c.created_at.desc(), plans.c.id.desc())
        items = sa.select(*_ITEM_COLUMNS).join(plans, plans.c.id == plan_items.c.plan_id).where(*own)
        with self._read() as connection:
            found: dict[str, list[PlanItem]] = {}
            for row in connection.execute(items.order_by(plan_items.c.rank)).mappings():
                found.setdefault(row["plan_id"], []).append(_item_of(row))
            return [Plan(**row, items=tuple(found.get(row["id"], ()))) for row in connection.execute(heads).mappings()]

    def claims(self, *, since: date) -> list[tuple[str, date, str]]:
        """Return city part, day and organisation of what is claimed for a day from `since` on, each once."""
        columns = (plan_items.c.city_part, plan_items.c.day, plans.c.organisation_id)
        query = (
            sa.select(*columns)
            .join(plans, plans.c.id == plan_items.c.plan_id)
            .where(
                plan_items.c.state == PlanItemState.CLAIMED.value,
                plan_items.c.day >= since,
                plans.c.withdrawn.is_(False),
            )
            .distinct()
            .order_by(plan_items.c.day, plan_items.c.city_part, plans.c.organisation_id)
        )
        with self._read() as connection:
            return [(city_part, day, organisation) for city_part, day, organisation in connection.execute(query)]


def _update(tx: Transaction, item_id: str, values: Mapping[str, Any]) -> None:
    tx.execute(sa.update(plan_items).where(plan_items.c.id == item_id).values(**values))


def _require_visit(connection: Connection, visit_id: str, item: PlanItem, actor: Actor) -> None:
    query = sa.select(visits.c.city_part).where(
        visits.c.id == visit_id, visits.c.withdrawn.is_(False), visits.c.organisation_id == actor.organisation_id
    )
    city_part = connection.execute(query).scalar_one_or_none()
    if city_part is None:
        raise NotFoundError("unknown_visit", id=visit_id)
    if city_part != item.city_part:
        raise InvalidValueError("visit_elsewhere", value=str(city_part))


def _own_item(connection: Connection, item_id: str, actor: Actor) -> PlanItem:
    """Return an item of a plan that the actor may change; on PostgreSQL nobody else can until the end."""
    query = sa.select(*_ITEM_COLUMNS).where(plan_items.c.id == item_id).with_for_update()
    row = connection.execute(query).mappings().first()
    if row is None:
        raise NotFoundError("unknown_plan_item", id=item_id)
    if _own_plan(connection, row["plan_id"], actor).withdrawn:
        raise InvalidValueError("plan_withdrawn")
    return _item_of(row)


def _own_plan(connection: Connection, plan_id: str, actor: Actor) -> Plan:
    plan = _plan(connection, plan_id)
    if plan.organisation_id != actor.organisation_id:
        raise NotPermittedError("other_organisation")
    return plan


def _head(connection: Connection, plan_id: str) -> Any:  # noqa: ANN401  a row mapping or None
    return connection.execute(sa.select(*_HEAD_COLUMNS).where(plans.c.id == plan_id)).mappings().first()


def _plan(connection: Connection, plan_id: str) -> Plan:
    head = _head(connection, plan_id)
    if head is None:
        raise NotFoundError("unknown_plan", id=plan_id)
    items = sa.select(*_ITEM_COLUMNS).where(plan_items.c.plan_id == plan_id).order_by(plan_items.c.rank)
    return Plan(**head, items=tuple(_item_of(row) for row in connection.execute(items).mappings()))


def _item(connection: Connection, item_id: str) -> PlanItem:
    row = connection.execute(sa.select(*_ITEM_COLUMNS).where(plan_items.c.id == item_id)).mappings().first()
    if row is None:
        raise NotFoundError("unknown_plan_item", id=item_id)
    return _item_of(row)


def _item_of(row: Any) -> PlanItem:  # noqa: ANN401  a row mapping
    return PlanItem(**{**row, "state": PlanItemState(row["state"])})


def _as_draft(plan: Plan) -> PlanDraft:
    items = tuple(PlanItemDraft(**{name: getattr(item, name) for name in _DRAFT_FIELDS}) for item in plan.items)
    return PlanDraft(id=plan.id, title=plan.title, need=plan.need, items=items)


def _item_payload(item: PlanItemDraft) -> dict[str, Any]:
    return {"id": item.id, "city_part": item.city_part, "cell": item.cell, "visits": item.visits}
