"""Photos full of metadata: nothing but the picture is kept or served.

JPEG, PNG and WebP files with EXIF, GPS, XMP, ICC profiles, comments, texts, thumbnails (EXIF and JFXX),
editors' blocks, private chunks and bytes after the end, each holding a canary, are sent through the route.
Then every file of DATA_DIR, the answer of the route and the database are searched for the canary and for
the marks of metadata, and each picture is opened and asked what it carries.
"""

from io import BytesIO

from PIL import Image

from api import process
from tests.drills.findings import at_least, none_of, told
from tests.tools.made_up import new_id, record
from tests.tools.pictures import CANARY, with_more
from tests.tools.two_organisations import app_in_process, local_bearer

KINDS = ("JPEG", "PNG", "WEBP")
PHOTOS = 200
SHORT_PHOTOS = 24
MARKS = (
    CANARY, b"Exif", b"http://ns.adobe", b"xmpmeta", b"ICC_PROFILE", b"Photoshop", b"8BIM", b"JFXX", b"Ducky",
    b"caNy", b"CANA", b"tEXt", b"iTXt",
)  # fmt: skip
# Segments that hold the picture itself and nothing else: start, tables, frame, scan, end, and the plain JFIF header.
PICTURE_ONLY = {0xDB, 0xC4, 0xC0, 0xC1, 0xC2, 0xDD, 0xE0}


def run(seed, *, full):
    sent = kept = carrying = foreign = 0
    marked, seen_before = set(), 0
    with app_in_process() as client:
        place = record(process.store(), 14.41, 50.03)
        for number in range(PHOTOS if full else SHORT_PHOTOS):
            content = with_more(KINDS[number % len(KINDS)], seed + number)
            seen_before += CANARY in content
            stored, served = send(client, place, content)
            sent += 1
            for where, body in (("stored", stored), ("served", served)):
                marked |= {(number, where, mark) for mark in MARKS if mark in body}
                carrying += bool(carried(body))
                foreign += len(segments(body) - PICTURE_ONLY)
            kept += stored == served
        folder = process.configuration().data_dir
        files = [path for path in folder.rglob("*") if path.is_file()]
        leaking = [path.name for path in files if CANARY in path.read_bytes()]
    for what in (*sorted(marked), *leaking):
        print("  found:", what)
    return [
        at_least("photos sent", sent, PHOTOS if full else SHORT_PHOTOS),
        at_least("of them with a canary that can be seen in the file sent", seen_before, sent),
        at_least("served as they are stored", kept, sent),
        none_of("marks of metadata in what is stored or served", len(marked)),
        none_of("pictures that carry EXIF, XMP, a profile or a comment", carrying),
        none_of("segments beside those of the picture itself", foreign),
        none_of("files of DATA_DIR with a canary", len(leaking)),
        told("files of DATA_DIR searched", len(files)),
    ]


def send(client, place, content):
    """Send a photo and return its file and what the route gives back."""
    photo_id, headers = new_id(), local_bearer()
    params = {"id": photo_id, "place": place.id, "consent": "public"}
    answer = client.post("/api/v1/photos", params=params, headers=headers, content=content)
    if answer.status_code != 201:
        raise RuntimeError(f"the photo was not taken: {answer.text}")
    served = client.get(f"/api/v1/photos/{photo_id}", headers=headers).content
    return process.store().photos.path_of(photo_id).read_bytes(), served


def carried(body):
    """Return what a picture carries beside its points."""
    with Image.open(BytesIO(body)) as image:
        return dict(image.getexif()) or {"exif", "xmp", "icc_profile", "comment", "photoshop"} & set(image.info)


def segments(body):
    """Return the codes of a JPEG's segments before its scan."""
    codes, place = set(), 2
    while place + 4 <= len(body) and body[place + 1] != 0xDA:
        codes.add(body[place + 1])
        place += 2 + int.from_bytes(body[place + 2 : place + 4], "big")
    return codes
