"""Photos: what is taken, what is refused, and that no metadata ever reaches the disk."""

import random

import pytest

from actions.photos import add_photo, clean_photo, photo_file, photos_of, withdraw_photo
from domain.errors import InvalidValueError, NotFoundError, NotPermittedError, ProblemsError
from domain.photos import MAX_SIDE_PX, MAX_UPLOAD_BYTES
from domain.place import Actor
from domain.roles import Clearance, Role
from store import LOCAL_ORGANISATION_ID, open_store
from tests.tools.made_up import ACTOR, new_id, record
from tests.tools.pictures import CANARY, exif, picture, with_metadata

OWN = Clearance(role=Role.FIELD_WORKER, organisation_id=LOCAL_ORGANISATION_ID)


@pytest.fixture
def store(tmp_path):
    opened = open_store(tmp_path / "data")
    yield opened
    assert opened.audit.verify() == []
    opened.close()


@pytest.mark.parametrize(("kind", "size"), [("JPEG", (4000, 1000)), ("PNG", (900, 3000)), ("WEBP", (1700, 1700))])
def test_a_large_picture_becomes_1600_px_at_most_and_a_small_one_stays(kind, size):
    clean = clean_photo(picture(kind, size))
    assert max(clean.width, clean.height) == MAX_SIDE_PX
    assert clean.width / clean.height == pytest.approx(size[0] / size[1], rel=0.01)
    small = clean_photo(picture(kind))
    assert (small.width, small.height) == (40, 30)


def test_a_picture_is_turned_upright_before_its_orientation_is_forgotten():
    clean = clean_photo(picture("JPEG", (40, 20), exif=exif(6)))
    assert (clean.width, clean.height) == (20, 40)


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "RGBA"), ("PNG", "L"), ("PNG", "P"), ("PNG", "LA"), ("JPEG", "CMYK"), ("WEBP", "RGBA")]
)
def test_every_mode_is_taken(kind, mode):
    assert clean_photo(picture(kind, mode=mode)).width == 40


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "photo_empty"), (b"x" * (MAX_UPLOAD_BYTES + 1), "photo_too_large"), (b"<svg/>", "photo_not_an_image"),
        (picture("GIF"), "photo_not_an_image"), (picture("TIFF"), "photo_not_an_image"),
        (picture("BMP"), "photo_not_an_image"), (b"\xff\xd8\xff\xe0" + b"\0" * 50, "photo_not_an_image"),
        (picture("PNG", (8000, 6000), mode="L"), "photo_too_many_pixels"),
        (picture("PNG", (14000, 13000), mode="1"), "photo_too_many_pixels"),
        (with_metadata("JPEG")[:-200], "photo_damaged"),
    ],
)  # fmt: skip
def test_what_is_no_photo_is_refused_with_a_code(content, code):
    with pytest.raises(InvalidValueError) as caught:
        clean_photo(content)
    assert caught.value.code == code


def test_bytes_that_were_made_to_break_are_refused_or_taken_never_a_crash():
    rng = random.Random(5)
    codes = set()
    for number in range(300):
        content = bytearray(with_metadata(("JPEG", "PNG", "WEBP")[number % 3], number))
        for _ in range(rng.randint(1, 12)):
            content[rng.randrange(len(content))] = rng.randrange(256)
        content = content[: rng.randint(1, len(content))] if number % 2 else content
        try:
            assert CANARY not in clean_photo(bytes(content)).content
        except InvalidValueError as error:
            codes.add(error.code)
    assert codes <= {"photo_not_an_image", "photo_damaged", "photo_too_many_pixels"}
    assert codes


def test_a_photo_is_stored_shown_and_withdrawn_everywhere(store):
    place = record(store, 14.41, 50.03)
    photo_id, content = new_id(), with_metadata("JPEG")

    def add(consent="internal"):
        return add_photo(store, photo_id, content, ACTOR, OWN, place_id=place.id, consent=consent)

    first = add()
    assert add() == first
    assert [photo.id for photo in photos_of(store, place.id, OWN)] == [photo_id]
    path = photo_file(store, photo_id, OWN)
    assert (path.stat().st_mode & 0o777, CANARY in path.read_bytes()) == (0o600, False)
    withdraw_photo(store, photo_id, ACTOR, OWN)
    assert not path.exists()
    assert photos_of(store, place.id, OWN) == []
    with pytest.raises(NotFoundError, match="unknown_photo"):
        photo_file(store, photo_id, OWN)


def test_consent_own_place_and_role_are_asked_for(store):
    place = record(store, 14.41, 50.03)
    content = picture()
    with pytest.raises(InvalidValueError, match="photo_consent_missing"):
        add_photo(store, new_id(), content, ACTOR, OWN, place_id=place.id, consent="")
    with pytest.raises(ProblemsError, match="invalid_id"):
        add_photo(store, "../x", content, ACTOR, OWN, place_id=place.id, consent="internal")
    with pytest.raises(NotPermittedError):
        add_photo(store, new_id(), content, ACTOR, Clearance(role=Role.VIEWER), place_id=place.id, consent="internal")
    stranger = Actor(account_id="s", organisation_id="another")
    with pytest.raises(NotPermittedError, match="other_organisation"):
        add_photo(store, new_id(), content, stranger, OWN, place_id=place.id, consent="internal")
    assert store.photos.for_place(place.id) == []


def test_another_organisation_sees_a_photo_only_with_the_whole_place_and_a_wider_consent(store):
    from datetime import UTC, datetime, timedelta

    from domain.roles import Share, Tier

    place = record(store, 14.41, 50.03)
    ids = {}
    for consent in ("internal", "workshop"):
        ids[consent] = new_id()
        add_photo(store, ids[consent], picture(size=(len(consent), 9)), ACTOR, OWN, place_id=place.id, consent=consent)
    outside = Clearance(role=Role.COORDINATOR, organisation_id="another")
    share = Share(owner_organisation_id=LOCAL_ORGANISATION_ID, tier=Tier.EXACT, purpose="společný výjezd",
                  until=datetime.now(UTC) + timedelta(days=1))  # fmt: skip
    shared = Clearance(role=Role.COORDINATOR, organisation_id="another", shares=(share,))
    for clearance, seen in ((outside, set()), (shared, {"workshop"}), (OWN, {"internal", "workshop"})):
        for consent, photo_id in ids.items():
            if consent in seen:
                assert photo_file(store, photo_id, clearance).exists()
            else:
                with pytest.raises(NotFoundError, match="unknown_photo"):
                    photo_file(store, photo_id, clearance)
