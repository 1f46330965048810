"""Photos of places: decoded with limits and written anew, so that nothing of the file that came is kept."""

from datetime import datetime
from io import BytesIO
from pathlib import Path
from threading import Lock

from PIL import Image, ImageOps

from actions.place_reader import place_detail
from actions.validate import id_problems
from domain.errors import AppError, InvalidValueError, NotFoundError, ProblemsError
from domain.photos import MAX_PIXELS, MAX_SIDE_PX, MAX_UPLOAD_BYTES, CleanPhoto, Consent, PhotoRecord
from domain.place import Actor
from domain.roles import Clearance, Permission, require_permission
from store import Store

FORMATS = ("JPEG", "PNG", "WEBP")
QUALITY = 85
# One at a time: a picture of 40 million pixels takes 120 MB while it is decoded.
_decoding = Lock()


def clean_photo(content: bytes) -> CleanPhoto:
    """Decode a JPEG, PNG or WebP and return it as a new JPEG of at most 1,600 px, upright, without metadata.

    Raises
    ------
    InvalidValueError
        `photo_empty`, `photo_too_large`, `photo_not_an_image` (whatever its name or type says),
        `photo_too_many_pixels`, `photo_damaged`.
    """
    if not content:
        raise InvalidValueError("photo_empty")
    if len(content) > MAX_UPLOAD_BYTES:
        raise InvalidValueError("photo_too_large", limit=MAX_UPLOAD_BYTES // (1024 * 1024))
    with _decoding:
        try:
            opened = Image.open(BytesIO(content), formats=FORMATS)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise InvalidValueError("photo_too_many_pixels", limit=MAX_PIXELS // 1_000_000) from None
        except Exception:  # noqa: BLE001  a decoder may raise anything on bytes that were made to break it
            raise InvalidValueError("photo_not_an_image") from None
        with opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise InvalidValueError("photo_too_many_pixels", limit=MAX_PIXELS // 1_000_000)
            try:
                return _written_anew(opened)
            except Exception:  # noqa: BLE001  as above
                raise InvalidValueError("photo_damaged") from None


def _written_anew(opened: Image.Image) -> CleanPhoto:
    # The first picture of an animation; a JPEG is decoded small at once.
    opened.draft("RGB", (MAX_SIDE_PX, MAX_SIDE_PX))
    upright = ImageOps.exif_transpose(opened)
    upright.thumbnail((MAX_SIDE_PX, MAX_SIDE_PX))
    if upright.mode in {"RGBA", "LA", "PA"} or "transparency" in upright.info:
        over = upright.convert("RGBA")
        # A picture of its own: nothing that the opened one carries along can get into the file.
        plain = Image.new("RGB", over.size, "white")
        plain.paste(over, mask=over.getchannel("A"))
    else:
        plain = Image.new("RGB", upright.size)
        plain.paste(upright.convert("RGB"))
    buffer = BytesIO()
    plain.save(buffer, "JPEG", quality=QUALITY, optimize=True)
    return CleanPhoto(content=buffer.getvalue(), width=plain.width, height=plain.height)


def add_photo(
    store: Store, photo_id: str, content: bytes, actor: Actor, clearance: Clearance, *, place_id: str, consent: str
) -> PhotoRecord:
    """Store a photo of an own place under a consent; the same one sent twice is one.

    Raises
    ------
    ProblemsError, InvalidValueError
        `invalid_record` for the id, `photo_consent_missing`, as `clean_photo`.
    NotPermittedError, NotFoundError, StaleRevisionError
        As `store.photos.Photos.add`.
    """
    require_permission(clearance.role, Permission.EDIT_PLACE)
    problems = id_problems(photo_id)
    if problems:
        raise ProblemsError("invalid_record", problems)
    try:
        scope = Consent(consent)
    except ValueError:
        raise InvalidValueError("photo_consent_missing") from None
    return store.photos.add(photo_id, clean_photo(content), place_id=place_id, consent=scope, actor=actor)


def withdraw_photo(store: Store, photo_id: str, actor: Actor, clearance: Clearance) -> None:
    """Take a photo away everywhere; raises as `store.photos.Photos.withdraw`."""
    require_permission(clearance.role, Permission.EDIT_PLACE)
    store.photos.withdraw(photo_id, actor=actor)


def photos_of(store: Store, place_id: str, clearance: Clearance, now: datetime | None = None) -> list[PhotoRecord]:
    """Return the photos of a place that a reader may see, the newest first.

    The own organisation sees all; others, where they may see the whole place, those whose consent
    goes beyond the organisation.

    Raises
    ------
    NotFoundError, NotPermittedError
        As `actions.place_reader.place_detail`.
    """
    place = place_detail(store, place_id, clearance, now).place
    found = store.photos.for_place(place_id)
    return [photo for photo in found if place.own or photo.consent is not Consent.INTERNAL]


def photo_file(store: Store, photo_id: str, clearance: Clearance, now: datetime | None = None) -> Path:
    """Return the file of a photo that a reader may see.

    Raises
    ------
    NotFoundError
        `unknown_photo` if there is none or the reader may not see it: the answer does not tell.
    """
    try:
        photo = store.photos.get(photo_id)
        allowed = {one.id for one in photos_of(store, photo.place_id, clearance, now)}
    except AppError:
        allowed = set()
    path = store.photos.path_of(photo_id)
    if photo_id not in allowed or not path.is_file():
        raise NotFoundError("unknown_photo", id=photo_id[:40])
    return path
