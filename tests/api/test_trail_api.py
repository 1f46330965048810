"""The file of a worker's own month: by a token of that account alone, in the audit log."""

import csv
import io
import json

import pytest
import uuid_utils

from api import process
from domain.place import Actor, VisitDraft
from domain.quick_records import QuickKind, QuickRecordDraft
from domain.roles import Role
from tests.tools.made_up import today

MONTH = f"{today():%Y-%m}"
HOSTILE = '=HYPERLINK("x") <script>alert(1)</script>'


def new_id():
    return str(uuid_utils.uuid7())


def note(actor, area, **more):
    draft = VisitDraft(id=new_id(), happened_on=today(), outcome="nikdo", city_part="547158", area=area, **more)
    process.store().visits.add(draft, actor)


@pytest.fixture
def noted(people):
    note(people[Role.FIELD_WORKER], HOSTILE)
    note(people[Role.COORDINATOR], "KANAREK-koordinatora")
    quick = QuickRecordDraft(id=new_id(), kind=QuickKind.PHONE_INTERPRETING, happened_on=today(), language="vi")
    process.store().quick_records.add(quick, people[Role.FIELD_WORKER])
    return people


def test_the_table_holds_the_own_records(shared_routes, noted, token_of):
    worker = noted[Role.FIELD_WORKER]
    answer = shared_routes.get(f"/api/v1/trail/{MONTH}.csv", headers=token_of(worker))
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "private, no-store"
    assert "KANAREK" not in answer.text
    header, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")
    assert header == ["Den", "Záznam", "Co", "Kde", "Městská část", "Upřesnění"]
    assert {row[1] for row in rows} == {"Návštěva", "Doprovod, tlumočení"}
    assert {row[3] for row in rows} == {f"'{HOSTILE}", ""}
    assert "\u00a0" not in "".join(row[0] for row in rows)
    (row,) = process.store().audit.rows(entity="trail", entity_id=MONTH)
    assert (row.action, row.account_id, json.loads(row.payload)) == ("export", worker.account_id, {"detail": "csv"})


@pytest.mark.parametrize("lang", ["cs", "en", "uk"])
def test_the_page_to_print_runs_nothing(shared_routes, noted, token_of, lang):
    answer = shared_routes.get(f"/api/v1/trail/{MONTH}.html?lang={lang}", headers=token_of(noted[Role.FIELD_WORKER]))
    assert answer.status_code == 200
    assert "<script" not in answer.text
    assert "&lt;script&gt;" in answer.text
    assert "trail-" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("role", list(Role))
def test_nobody_gets_another_s(shared_routes, noted, token_of, role):
    worker = noted[Role.FIELD_WORKER]
    asked = f"/api/v1/trail/{MONTH}.csv?account={worker.account_id}&created_by={worker.account_id}"
    answer = shared_routes.get(asked, headers=token_of(noted[role]))
    assert answer.status_code == (200 if role in {Role.FIELD_WORKER, Role.COORDINATOR} else 403)
    assert ("HYPERLINK" in answer.text) == (role is Role.FIELD_WORKER)


def test_not_without_a_token_and_not_in_show_as(shared_routes, noted, token_of):
    assert shared_routes.get(f"/api/v1/trail/{MONTH}.csv").status_code == 401
    seen = shared_routes.get(f"/api/v1/trail/{MONTH}.csv", headers=token_of(noted[Role.COORDINATOR], show_as=True))
    assert (seen.status_code, seen.json()["error"]["code"]) == (403, "showing_as")
    wrong = shared_routes.get("/api/v1/trail/2026-99.csv", headers=token_of(noted[Role.FIELD_WORKER]))
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (400, "invalid_month")


def test_local_mode_has_one_trail(routes, bearer):
    note(process.local_actor(), "místně")
    stranger = Actor(account_id="other", organisation_id="local-organisation")
    note(stranger, "KANAREK")
    answer = routes.get(f"/api/v1/trail/{MONTH}.csv", headers=bearer())
    assert answer.status_code == 200
    assert "místně" in answer.text
    assert "KANAREK" not in answer.text
