"""Files that are nearly photos: bombs, lying headers, cut and changed bytes."""

import random
import struct
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO

from PIL import Image

from domain.photos import MAX_UPLOAD_BYTES
from tests.layers.hostile_texts import HOSTILE
from tests.tools.pictures import picture, with_more

KINDS = ("JPEG", "PNG", "WEBP")
LYING = (
    b"%PDF-1.7", b"GIF89a", b"BM", b"II*\0", b"MM\0*", b"8BPS", b"\0\0\1\0", b"\0\0\0 ftypheic", b"\0\0\0 ftypavif", b"PK\3\4", b"MZ\x90\0",
    b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", b"<html>", b"RIFF\0\0\0\0WAVE", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"P6 9 9 255\n",
    b"#!/bin/sh", b"id=ImageMagick", b"%!PS-Adobe-3.0 EPSF-3.0", b"\x1f\x8b\x08", b"DDS ", b"\x8aMNG", b"\xffO\xffQ", b"FLIF", b"qoif",
)  # fmt: skip


def chunk(code, body):
    return struct.pack(">I", len(body)) + code + body + struct.pack(">I", zlib.crc32(code + body))


def png(width, height, *more, body=b"", depth=8, colour=2):
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def resized_jpeg(width, height):
    """Return a JPEG whose header states another size."""
    data = bytearray(picture(size=(40, 30)))
    place = data.find(b"\xff\xc0")
    data[place + 5 : place + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def animation(kind, frames):
    pictures = [Image.new("RGB", (40, 30), (n % 256, 0, 0)) for n in range(frames)]
    out = BytesIO()
    pictures[0].save(out, kind, save_all=True, append_images=pictures[1:])
    return out.getvalue()


def hand_made() -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Yield a name and what makes the file, each of another kind."""
    yield "nothing", lambda: b""
    yield "one byte", lambda: b"\xff"
    yield "too large", lambda: b"\xff\xd8" * (MAX_UPLOAD_BYTES // 2 + 1)
    yield "zeros", lambda: b"\0" * 100_000
    for start in LYING:
        yield f"lying {start[:8]!r}", lambda s=start: s + b"\0" * 500
        yield f"lying {start[:8]!r} before a photo", lambda s=start: s + picture()
    for kind in ("GIF", "TIFF", "BMP", "ICO", "PPM", "TGA"):
        yield f"a real {kind}", lambda k=kind: picture(k)
    for size in ((8000, 6000), (14000, 13000), (1, 60_000), (60_000, 1)):
        yield f"a bomb of {size}", lambda s=size: picture("PNG", s, mode="1" if s[0] > 9000 else "L")
    for size in ((0, 0), (0, 5), (1, 1), (65535, 65535), (2**31 - 1, 1), (2**31 - 1, 2**31 - 1), (2**32 - 1, 3)):
        yield f"PNG that says {size}", lambda s=size: png(*s, body=zlib.compress(b"\0" * 5000))
    for size in ((0, 0), (65535, 65535), (65535, 1), (6000, 6000), (1, 65535)):
        yield f"JPEG that says {size}", lambda s=size: resized_jpeg(*s)
    swell = zlib.compress(b"a" * (80 * 2**20), 9)
    yield (
        "a swelling text",
        lambda: png(9, 9, chunk(b"zTXt", b"Comment\0\0" + swell), body=zlib.compress(b"\0" * 9 * 28)),
    )
    yield "a swelling profile", lambda: png(9, 9, chunk(b"iCCP", b"x\0\0" + swell), body=zlib.compress(b"\0" * 9 * 28))
    yield "a swelling picture", lambda: png(9, 9, body=swell)
    yield "no picture in it", lambda: png(9, 9, body=b"")
    yield "wrong sums", lambda: png(9, 9, body=zlib.compress(b"\0" * 9 * 28)).replace(b"IDAT", b"IDAx")
    for depth, colour in ((1, 3), (16, 6), (3, 2), (8, 9), (255, 255)):
        yield (
            f"depth {depth} colour {colour}",
            lambda d=depth, c=colour: png(9, 9, body=zlib.compress(b"\0" * 900), depth=d, colour=c),
        )
    for kind in ("GIF", "WEBP", "PNG"):
        yield f"an animated {kind}", lambda k=kind: animation(k, 40)
    for mode in ("L", "P", "RGBA", "LA", "1", "I;16"):
        yield f"mode {mode}", lambda m=mode: picture("PNG", mode=m)
    yield "CMYK", lambda: picture("JPEG", mode="CMYK")
    for index, text in enumerate(HOSTILE[:20]):
        yield f"hostile text {index}", lambda t=text: t.encode("utf-8", "replace")


def damaged(rng: random.Random) -> tuple[str, bytes]:
    """Return a photo that something happened to."""
    kind = rng.choice(KINDS)
    data = bytearray(with_more(kind, rng.randrange(1000)))
    how = rng.choice(["cut", "flipped", "inserted", "doubled", "swapped"])
    if how == "cut":
        data = data[: rng.randrange(1, len(data))]
    elif how == "flipped":
        for _ in range(rng.randint(1, 40)):
            data[rng.randrange(len(data))] = rng.randrange(256)
    elif how == "inserted":
        place = rng.randrange(len(data))
        data[place:place] = rng.randbytes(rng.randint(1, 2000))
    elif how == "doubled":
        data += data[rng.randrange(len(data)) :]
    else:
        place = rng.randrange(len(data))
        data = data[place:] + data[:place]
    return f"{how} {kind}", bytes(data)
