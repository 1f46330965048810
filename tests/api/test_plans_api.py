"""The file of a plan: for its own organisation, without rank, in the audit log."""

import csv
import io

import pytest
import uuid_utils

from actions.plans import claim_item, save_plan
from api import process
from api.files import cell
from api.plans import _natural
from domain.plans import PlanDraft, PlanItemDraft
from domain.roles import Role
from domain.text import Language
from ui.localisation import Messages

HOSTILE = "=cmd|' /C calc'!A0 <script>alert(1)</script>"


def item(city_part, **fields):
    values = {"visits": 2, "gain": 777.25, "p_low_before": 0.8125, "p_low_after": 0.4375}
    return PlanItemDraft(id=str(uuid_utils.uuid7()), city_part=city_part, **(values | fields))


@pytest.fixture
def plan(data_dir):
    items = (item("547158", reasons=("lokalita",)), item("500119", reasons=("dopravni_uzly",)), item("500089"))
    draft = PlanDraft(id=str(uuid_utils.uuid7()), title=HOSTILE, need="foreigners", items=items)
    return save_plan(process.store(), draft, process.local_actor())


def rows_of(answer, delimiter=";"):
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=delimiter))


def test_the_table_holds_the_outings_and_no_rank(routes, bearer, plan):
    answer = routes.get(f"/api/v1/plans/{plan.id}.csv", headers=bearer())
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["content-disposition"].startswith("attachment")
    header, *rows = rows_of(answer)
    where = header.index(Messages(Language.CS)("plan-column-where"))
    assert len(rows) == 3
    assert [row[where] for row in rows] == sorted((row[where] for row in rows), key=_natural)
    text = answer.content.decode("utf-8-sig")
    for inside in ("777", "0.8125", "0,8125", "81 %", "bílé místo", "white spot"):
        assert inside not in text
    assert "Budějovická" in text


@pytest.mark.parametrize("lang", ["cs", "en", "uk"])
def test_the_page_to_print_says_that_it_is_internal_and_runs_nothing(routes, bearer, plan, lang):
    answer = routes.get(f"/api/v1/plans/{plan.id}.html?lang={lang}", headers=bearer())
    assert answer.status_code == 200
    text = answer.content.decode()
    assert Messages(Language(lang))("file-internal") in text
    assert "@media print" in text
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "plan-" not in text.replace("bila-mista-plan-", "")


def test_claimed_outings_come_first_with_team_and_day(routes, bearer, plan):
    from datetime import date

    day = date(2099, 1, 5)
    first = plan.items[0]
    claim_item(process.store(), first.id, process.local_actor(), team=3, day=day, today=date(2099, 1, 1))
    rows = rows_of(routes.get(f"/api/v1/plans/{plan.id}.csv?lang=en", headers=bearer()), ",")
    assert rows[1][:2] == ["5 Jan 2099", "Praha-Nebušice"]
    assert rows[1][4:6] == ["3", "somebody is going"]


@pytest.mark.parametrize(
    ("who", "status", "code"),
    [
        (None, 401, "token_missing"), ({"role": Role.VIEWER}, 403, "not_permitted"),
        ({"role": Role.PARTICIPANT}, 403, "not_permitted"), ({"organisation_id": "another"}, 404, "unknown_plan"),
        ({"organisation_id": None}, 404, "unknown_plan"),
    ],
)  # fmt: skip
def test_nobody_else_gets_it(routes, bearer, plan, who, status, code):
    before = [row.action for row in process.store().audit.rows()]
    headers = bearer(**who) if who is not None else {}
    for file_format in ("csv", "html"):
        answer = routes.get(f"/api/v1/plans/{plan.id}.{file_format}", headers=headers)
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
        assert answer.json()["error"]["message"]
    # Nothing but the refusals themselves is new.
    assert [row.action for row in process.store().audit.rows() if row.action != "refused"] == before


def test_a_plan_that_is_not_there_is_not_found(routes, bearer, plan):
    assert routes.get("/api/v1/plans/x.csv", headers=bearer()).status_code == 404
    assert routes.get(f"/api/v1/plans/{plan.id}.exe", headers=bearer()).status_code == 404
    process.store().plans.withdraw(plan.id, process.local_actor())
    assert routes.get(f"/api/v1/plans/{plan.id}.csv", headers=bearer()).status_code == 404


def test_each_download_is_in_the_audit_log(routes, bearer, plan):
    for file_format in ("csv", "html"):
        routes.get(f"/api/v1/plans/{plan.id}.{file_format}", headers=bearer())
    rows = process.store().audit.rows(entity="plan", entity_id=plan.id)
    assert [(row.action, '"csv"' in row.payload) for row in rows if row.action == "export"] == [
        ("export", False), ("export", True),
    ]  # fmt: skip


def test_praha_2_comes_before_praha_10_and_formulas_are_text():
    assert sorted(["Praha 10", "Praha 2", "Praha-Libuš"], key=_natural)[:2] == ["Praha 2", "Praha 10"]
    assert cell("=1+1") == "'=1+1"
    assert cell("Praha") == "Praha"
