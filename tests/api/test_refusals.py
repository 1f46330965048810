"""Refused requests stand in the audit log: by account, route and minute, and never as a flood."""

import json
from datetime import timedelta

from api import process
from api.refusals import MOST_A_MINUTE, Refusals
from api.tokens import make_token
from domain.roles import Clearance, Role

PLACES = "/api/v1/layers/places"


def refused():
    rows = process.store().audit.rows(entity="route")
    assert {row.action for row in rows} <= {"refused"}
    return [(row.account_id, row.entity_id, json.loads(row.payload)["code"]) for row in reversed(rows)]


def test_a_revoked_account_is_noted_once_a_minute_and_route(shared_routes, people, token_of, clock):
    worker = people[Role.FIELD_WORKER]
    header = token_of(worker)
    process.store().accounts.set_active(worker.account_id, active=False, actor=people[Role.ADMIN])
    for _ in range(5):
        assert shared_routes.get(PLACES, headers=header).status_code == 403
    assert refused() == [(worker.account_id, "/api/v1/layers/{layer_id}", "account_revoked")]
    shared_routes.get("/api/v1/search?q=tajne", headers=header)
    clock.now += timedelta(minutes=1)
    shared_routes.get(PLACES, headers=header)
    assert [row[1] for row in refused()] == ["/api/v1/layers/{layer_id}", "/api/v1/search", "/api/v1/layers/{layer_id}"]
    assert "tajne" not in str(process.store().audit.rows(entity="route"))
    organisation = process.store().accounts.get(worker.account_id).organisation_id
    assert {row.organisation_id for row in process.store().audit.rows(entity="route")} == {organisation}


def test_a_role_that_is_not_enough_is_noted(shared_routes, people, token_of):
    viewer = people[Role.VIEWER]
    assert shared_routes.get(PLACES, headers=token_of(viewer)).status_code == 403
    assert (
        shared_routes.get("/api/v1/exports/places.csv", headers=token_of(people[Role.PARTICIPANT])).status_code == 403
    )
    assert shared_routes.get("/api/v1/photos/x", headers=token_of(people[Role.ADMIN])).status_code == 404
    answer = shared_routes.post("/api/v1/photos?id=x&place=x&consent=x", headers=token_of(viewer), content=b"x")
    assert answer.status_code == 403
    assert refused() == [
        (viewer.account_id, "/api/v1/layers/{layer_id}", "not_permitted"),
        (people[Role.PARTICIPANT].account_id, "/api/v1/exports/{layer_id}.csv", "not_permitted"),
        (viewer.account_id, "/api/v1/photos", "not_permitted"),
    ]
    assert process.store().audit.verify() == []


def test_forged_tokens_share_one_row_a_minute(shared_routes, people, token_of, clock):
    for index in range(20):
        for path in (PLACES, "/api/v1/search?q=a"):
            assert shared_routes.get(path, headers={"Authorization": f"Bearer forged-{index}"}).status_code == 401
    stranger = make_token(
        Clearance(role=Role.ADMIN, organisation_id="x"), secret=process.signing_secret(), account_id="x"
    )
    assert shared_routes.get(PLACES, headers={"Authorization": f"Bearer {stranger}"}).status_code == 403
    assert refused() == [("unknown", "unknown", "token_invalid")]


def test_the_public_and_old_tokens_are_no_refusals(shared_routes, people, token_of):
    assert shared_routes.get(PLACES).status_code == 401
    worker = people[Role.FIELD_WORKER]
    header = token_of(worker)
    process.store().accounts.set_role(worker.account_id, role=Role.COORDINATOR, city_parts=(), actor=people[Role.ADMIN])
    assert shared_routes.get(PLACES, headers=header).status_code == 401
    assert refused() == []


def test_a_minute_has_an_end(data_dir, clock):
    kept = Refusals(clock)
    first = [kept._is_first("d", f"account-{index}", "r") for index in range(MOST_A_MINUTE + 40)]
    assert sum(first) == MOST_A_MINUTE
    clock.now += timedelta(minutes=1)
    assert kept._is_first("d", "account-0", "r")


def test_a_log_that_cannot_be_written_refuses_all_the_same(shared_routes, people, token_of, monkeypatch):
    from domain.errors import StoreError

    def full(*args, **kwargs):
        raise StoreError("disk_full")

    monkeypatch.setattr(process.store().events, "note_refusal", full)
    assert shared_routes.get(PLACES, headers=token_of(people[Role.VIEWER])).status_code == 403


def test_a_plan_leaves_the_shared_app_under_the_name_of_its_account(shared_routes, people, token_of):
    import uuid_utils

    from actions.plans import save_plan
    from domain.plans import PlanDraft, PlanItemDraft

    worker = people[Role.FIELD_WORKER]
    item = PlanItemDraft(
        id=str(uuid_utils.uuid7()), city_part="547158", visits=1, gain=1.0, p_low_before=0.5, p_low_after=0.4
    )
    draft = PlanDraft(id=str(uuid_utils.uuid7()), title="Plán", need="foreigners", items=(item,))
    plan = save_plan(process.store(), draft, worker)
    assert shared_routes.get(f"/api/v1/plans/{plan.id}.csv", headers=token_of(worker)).status_code == 200
    (row,) = [row for row in process.store().audit.rows(entity="plan", entity_id=plan.id) if row.action == "export"]
    assert row.account_id == worker.account_id
