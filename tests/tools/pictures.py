"""Pictures for tests, plain and with every kind of metadata, each holding a canary."""

import struct
import zlib
from io import BytesIO

from PIL import Image, PngImagePlugin

CANARY = b"KANAREK-EXIF"


def picture(kind="JPEG", size=(40, 30), mode="RGB", **save):
    image = Image.new(mode, size, 120 if mode in {"L", "P"} else None)
    buffer = BytesIO()
    image.save(buffer, kind, **save)
    return buffer.getvalue()


def exif(orientation=1):
    data = Image.Exif()
    data[0x0112] = orientation
    data[0x010E] = CANARY.decode()
    data[0x8825] = {1: "N", 2: (50.0, 2.0, 1.0), 29: CANARY.decode()}
    return data


def with_metadata(kind, seed=0):
    """Return a picture with EXIF, GPS, XMP, an ICC profile, comments and text, each holding a canary."""
    image = Image.effect_noise((30 + seed % 50, 40 + seed % 30), 50).convert("RGB")
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + CANARY + b"</x:xmpmeta>"
    buffer = BytesIO()
    more = {"exif": exif(seed % 8 + 1), "icc_profile": CANARY * 3}
    if kind == "PNG":
        info = PngImagePlugin.PngInfo()
        info.add_text("Comment", CANARY.decode())
        info.add_itxt("XML:com.adobe.xmp", xmp.decode())
        more["pnginfo"] = info
    else:
        more["xmp"] = xmp
    if kind == "JPEG":
        more["comment"] = CANARY
    image.save(buffer, kind, **more)
    assert CANARY in buffer.getvalue() or kind == "PNG"
    return buffer.getvalue()


def thumbnail():
    """Return a small JPEG that holds a canary, as cameras put one into a picture."""
    return picture(size=(16, 12), comment=CANARY)


def with_more(kind, seed=0):
    """Return a picture as `with_metadata` with what cameras and editors add besides: thumbnails and private parts.

    JPEG gets an EXIF thumbnail, a JFXX thumbnail, a Photoshop block, Ducky, a maker's segment and bytes after its
    end; PNG and WebP get private chunks and bytes after their end.
    """
    content = with_metadata(kind, seed)
    if kind == "JPEG":
        parts = [
            (0xE0, b"JFXX\0\x10" + thumbnail()),
            (0xE1, b"Exif\0\0" + exif_with_thumbnail()),
            (0xED, b"Photoshop 3.0\x008BIM\x04\x0c\0\0" + struct.pack(">I", len(CANARY)) + CANARY),
            (0xEC, b"Ducky" + CANARY),
            (0xEF, CANARY),
        ]
        segments = b"".join(struct.pack(">BBH", 0xFF, code, len(body) + 2) + body for code, body in parts)
        return content[:2] + segments + content[2:] + CANARY
    if kind == "PNG":
        chunks = b"".join(
            struct.pack(">I", len(body)) + code + body + struct.pack(">I", zlib.crc32(code + body))
            for code, body in ((b"caNy", CANARY), (b"tIME", struct.pack(">HBBBBB", 2026, 1, 2, 3, 4, 5)))
        )
        return content[:33] + chunks + content[33:] + CANARY
    body = CANARY + b"\0" * (len(CANARY) % 2)
    packed = content[12:] + b"CANA" + struct.pack("<I", len(CANARY)) + body
    return b"RIFF" + struct.pack("<I", len(packed) + 4) + b"WEBP" + packed + CANARY


def exif_with_thumbnail():
    """Return the body of an EXIF segment whose second directory is a thumbnail."""
    small = thumbnail()
    # One empty directory, then one with the offset and the length of the thumbnail behind it.
    head = struct.pack("<2sHIHI", b"II", 42, 8, 0, 14)
    entries = struct.pack("<HHIIHHIII", 0x0201, 4, 1, 44, 0x0202, 4, 1, len(small), 0)
    return head + struct.pack("<H", 2) + entries + small
