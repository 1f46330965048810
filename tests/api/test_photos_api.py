"""The photo routes: who may send and see, and what is refused before it is decoded."""

from io import BytesIO

import pytest
from PIL import Image

from api import process
from domain.photos import MAX_UPLOAD_BYTES
from domain.roles import Role
from tests.tools.made_up import new_id, record


def picture():
    buffer = BytesIO()
    Image.new("RGB", (40, 30), "red").save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture
def place(data_dir):
    return record(process.store(), 14.41, 50.03)


def send(routes, at, headers, content=None, **query):
    params = {"id": new_id(), "place": at.id, "consent": "internal"} | query
    return routes.post(
        "/api/v1/photos", params=params, headers=headers, content=picture() if content is None else content
    )


def test_a_photo_is_sent_and_comes_back_as_a_jpeg(routes, place, bearer):
    answer = send(routes, place, bearer())
    assert (answer.status_code, answer.json()["width"]) == (201, 40)
    back = routes.get(f"/api/v1/photos/{answer.json()['id']}", headers=bearer())
    assert (back.status_code, back.headers["content-type"], back.content[:2]) == (200, "image/jpeg", b"\xff\xd8")
    assert back.headers["cache-control"] == "private, no-store"
    assert back.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (None, 401),
        (Role.VIEWER, 403),
        (Role.PARTICIPANT, 403),
        (Role.ADMIN, 403),
        (Role.FIELD_WORKER, 201),
        (Role.COORDINATOR, 201),
    ],
)
def test_who_may_send(routes, place, bearer, role, status):
    headers = {} if role is None else bearer(role)
    assert send(routes, place, headers).status_code == status
    assert len(process.store().photos.for_place(place.id)) == (status == 201)


def test_nobody_else_sees_it_and_is_not_told_that_it_is_there(routes, place, bearer):
    photo_id = send(routes, place, bearer()).json()["id"]
    answers = [
        routes.get(f"/api/v1/photos/{photo_id}", headers=bearer(organisation_id="another")),
        routes.get(f"/api/v1/photos/{new_id()}", headers=bearer()),
        routes.get("/api/v1/photos/..%2Fkeys%2Faudit.key", headers=bearer()),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert routes.get(f"/api/v1/photos/{photo_id}").status_code == 401


@pytest.mark.parametrize(
    ("content", "query", "code"),
    [
        (b"", {}, "photo_empty"), (b"<svg onload=alert(1)>", {}, "photo_not_an_image"),
        (b"x" * (MAX_UPLOAD_BYTES + 1), {}, "photo_too_large"), (None, {"consent": "all"}, "photo_consent_missing"),
        (None, {"id": "../../x"}, "invalid_record"), (None, {"place": "nothing"}, "unknown_place"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_with_a_sentence(routes, place, bearer, content, query, code):
    answer = send(routes, place, bearer(), content, **query)
    assert answer.status_code in {400, 404}
    assert answer.json()["error"]["code"] == code
    assert len(answer.json()["error"]["message"]) > 10
    assert not (process.configuration().data_dir / "photos").exists()


def test_a_body_without_a_length_is_cut_off_at_the_limit(routes, place, bearer):
    async def endless():
        for _ in range(MAX_UPLOAD_BYTES // 65536 + 5):
            yield b"\xff" * 65536

    answer = send(routes, place, bearer(), endless())
    assert answer.json()["error"]["code"] == "photo_too_large"
