"""Files made by script: sound ones of every accepted kind, and ones that attack."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from functools import cache

import pikepdf
import pillow_heif
from PIL import Image

OOXML = "application/vnd.openxmlformats-officedocument."
MAIN = {
    "docx": ("word/document.xml", OOXML + "wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", OOXML + "spreadsheetml.sheet.main+xml"),
    "pptx": ("ppt/presentation.xml", OOXML + "presentationml.presentation.main+xml"),
}
ODF = {"odt": "text", "ods": "spreadsheet", "odp": "presentation"}
Parts = Mapping[str, bytes | str]


def pdf(pages: int = 1, **save: object) -> bytes:
    """A PDF with that many blank pages."""
    out = io.BytesIO()
    with pikepdf.new() as document:
        for _number in range(pages):
            document.add_blank_page()
        document.save(out, **save)
    return out.getvalue()


def archive(parts: Parts, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP of the parts in order; `mimetype` is stored plain as OpenDocument wants it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as package:
        for name, content in parts.items():
            package.writestr(name, content, zipfile.ZIP_STORED if name == "mimetype" else None)
    return out.getvalue()


def types(kind: str, extra: str = "") -> str:
    """The list of content types of an OOXML package."""
    part, content_type = MAIN[kind]
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{part}" ContentType="{content_type}"/>{extra}</Types>'
    )


def ooxml(kind: str = "docx", more: Parts | None = None, listed: str | bytes | None = None) -> bytes:
    """A small Office document; `more` parts, or another list of types."""
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": types(kind) if listed is None else listed,
        "_rels/.rels": "<Relationships/>",
        MAIN[kind][0]: "<document>ตัวอย่าง</document>",
    }
    return archive({**parts, **(more or {})})


def odf(kind: str = "odt", more: Parts | None = None) -> bytes:
    """A small OpenDocument file."""
    parts: dict[str, bytes | str] = {
        "mimetype": f"application/vnd.oasis.opendocument.{ODF[kind]}",
        "META-INF/manifest.xml": "<manifest/>",
        "content.xml": "<content>ตัวอย่าง</content>",
    }
    return archive({**parts, **(more or {})})


def png(width: int = 2, height: int = 2, after: bytes = b"") -> bytes:
    """A PNG; the size is what its header says."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\x00" * 6)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"") + after


def jpeg(width: int = 8, height: int = 8, comment: bytes = b"", after: bytes = b"") -> bytes:
    """A baseline JPEG of 8 by 8 pixels; the size is what its frame is made to say."""
    out = io.BytesIO()
    Image.new("L", (8, 8), 128).save(out, "JPEG")
    content = bytearray(out.getvalue())
    frame = content.index(b"\xff\xc0")
    content[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    if comment:
        content[2:2] = struct.pack(">BBH", 0xFF, 0xFE, len(comment) + 2) + comment
    return bytes(content) + after


@cache
def noise(form: str, **options: object) -> bytes:
    """A picture of 80 by 60 pixels of noise, the same each time."""
    dice, out = random.Random(form), io.BytesIO()
    Image.frombytes("L", (80, 60), dice.randbytes(4800)).save(out, form, **options)
    return out.getvalue()


def heic(width: int = 80, height: int = 60, color: str = "red", turned: int = 6) -> bytes:
    """A phone's photo that lies on its side, its left upper quarter in a colour, with time and place written down."""
    picture, exif, out = Image.new("RGB", (width, height), "white"), Image.Exif(), io.BytesIO()
    picture.paste(color, (0, 0, width // 2, height // 2))
    exif[0x0112], exif[0x010F], exif[0x0132] = turned, "a maker", "2026:01:02 03:04:05"
    exif[0x8769] = {0x9003: "2026:01:02 03:04:05", 0x9011: "+07:00"}
    exif[0x8825] = {1: "N", 2: (17.0, 52.0, 0.0), 3: "E", 4: (102.0, 44.0, 0.0)}
    pillow_heif.from_pillow(picture).save(out, quality=90, exif=exif.tobytes())
    return out.getvalue()


SOUND: dict[str, bytes] = {
    "pdf": pdf(3),
    "docx": ooxml("docx"),
    "xlsx": ooxml("xlsx", {"xl/worksheets/sheet1.xml": "<s/>", "xl/worksheets/sheet2.xml": "<s/>"}),
    "pptx": ooxml("pptx", {"ppt/slides/slide1.xml": "<s/>"}),
    "odt": odf("odt"),
    "ods": odf("ods"),
    "odp": odf("odp"),
    "jpeg": jpeg(),
    "png": png(),
}
PAGES = {"pdf": 3, "xlsx": 2, "pptx": 1, "jpeg": 1, "png": 1}


# -- attacks -----------------------------------------------------------------------------------------


def bomb() -> bytes:
    """A document whose one part unpacks to 200 MB of nothing."""
    return ooxml("docx", {"word/media/image1.bin": bytes(200 << 20)})


def lying_bomb() -> bytes:
    """A bomb whose table of contents says the part is small."""
    content = ooxml("docx", {"word/media/image1.bin": bytes(30 << 20)})
    size = struct.pack("<I", 30 << 20)
    return content.replace(size, struct.pack("<I", 1000))


def crowd() -> bytes:
    """More entries than any document has."""
    return ooxml("docx", {f"word/media/{n}": b"" for n in range(10_500)})


def overlapping() -> bytes:
    """Two names for the same bytes."""
    content = bytearray(ooxml("docx", {"word/a.xml": "<a/>", "word/b.xml": "<b/>"}))
    at = content.rindex(b"PK\x01\x02")  # the entry of b.xml in the table of contents
    before = content.rindex(b"PK\x01\x02", 0, at)
    content[at + 42 : at + 46] = content[before + 42 : before + 46]
    return bytes(content)


def renamed_in_place() -> bytes:
    """A part whose own header tells another name than the table of contents."""
    content = ooxml("docx", {"word/aaaa.xml": "<a/>"})
    return content.replace(b"word/aaaa.xml", b"word/bbbb.exe", 1)


def claims_encryption() -> bytes:
    """A package with the password flag set."""
    content = bytearray(ooxml("docx"))
    at = content.index(b"PK\x01\x02")
    content[at + 8] |= 1
    return bytes(content)


def many_tables() -> bytes:
    """A table of contents said to be huge."""
    content = bytearray(ooxml("docx"))
    content[-10:-6] = struct.pack("<I", 1 << 30)
    return bytes(content)


def deep_pdf() -> bytes:
    """A PDF whose cross-reference stream unpacks to more than memory holds."""
    # One packed megabyte of zeros again and again, then the end and the checksum: packing it all takes seven seconds.
    times, packer = 1500, zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    megabyte = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = (times << 20) % 65521 << 16 | 1
    packed = b"\x78\xda" + megabyte * times + b"\x03\x00" + checksum.to_bytes(4, "big")
    head = b"%PDF-1.5\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
    start = len(head)
    stream = b"3 0 obj\n<</Type/XRef/Size 99999999/W[1 2 1]/Root 1 0 R/Filter/FlateDecode/Length %d>>\nstream\n" % len(
        packed
    )
    return head + stream + packed + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % start


def looped_pdf() -> bytes:
    """A PDF whose page tree contains itself."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Count 2/Kids[2 0 R 2 0 R]>>endobj\n"
        b"trailer<</Root 1 0 R/Size 3>>\n%%EOF\n"
    )


def locked_pdf() -> bytes:
    """A PDF that asks for a password."""
    return pdf(1, encryption=pikepdf.Encryption(owner="owner", user="user"))


def restricted_pdf() -> bytes:
    """A PDF anybody opens but that forbids changes."""
    return pdf(1, encryption=pikepdf.Encryption(owner="owner", user=""))


_ENTITY = '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><d>&b;</d>'
_OUTSIDE = '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]><d>&a;</d>'
_MACRO = '<Override PartName="/word/vbaProject.bin" ContentType="application/vnd.ms-office.vbaProject"/>'
_MACRO_MAIN = types("docx").replace(
    OOXML + "wordprocessingml.document.main+xml", "application/vnd.ms-word.document.macroEnabled.main+xml"
)
_HIDDEN_TYPE = types("docx").replace("<Types", "<!DOCTYPE Types [<!ENTITY m 'macro'>]><Types")
_WIDE_MACRO = types("docx", _MACRO).replace("UTF-8", "UTF-16").encode("utf-16")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)

# name → (content, or what makes it where that takes long; the reason it is refused for)
ATTACKS: dict[str, tuple[bytes | Callable[[], bytes], str]] = {
    "empty.pdf": (b"", "empty"),
    "one-byte.pdf": (b"%", "kind"),
    "program.pdf": (b"MZ\x90\x00" + bytes(500), "kind"),
    "program-linux.docx": (b"\x7fELF\x02\x01\x01" + bytes(500), "kind"),
    "script.png": (b"#!/bin/sh\necho hello\n", "kind"),
    "page.pdf": (b"<!DOCTYPE html><script>alert(1)</script>", "kind"),
    "drawing.png": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "kind"),
    "php.jpg": (b"<?php system($_GET['c']); ?>", "kind"),
    "notes.txt": ("ข้อความล้วน".encode() * 400, "kind"),
    "old.doc": (_OLE, "kind"),
    "locked.docx": (_OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
    "photo.avif": (b"\x00\x00\x00\x1cftypmif1\x00\x00\x00\x00avifmiaf" + bytes(60), "kind"),
    "noise.pdf": (bytes(range(256)) * 8, "kind"),
    "nulls.pdf": (bytes(5000), "kind"),
    "plain.zip": (archive({"a.txt": "a"}), "kind"),
    "program.jar": (archive({"META-INF/MANIFEST.MF": "a", "A.class": b"\xca\xfe\xba\xbe"}), "kind"),
    "template.odt": (
        archive({"mimetype": "application/vnd.oasis.opendocument.text-template", "content.xml": "<a/>"}),
        "kind",
    ),
    # PDF
    "header-only.pdf": (b"%PDF-1.7\n", "broken"),
    "garbage.pdf": (b"%PDF-1.7\n" + bytes(range(256)) * 40, "broken"),
    "locked.pdf": (locked_pdf(), "encrypted"),
    "pageless.pdf": (pdf(0), "no_pages"),
    "looped.pdf": (looped_pdf(), "broken"),
    "late-header.pdf": (b"MZ" + b" " * 100 + pdf(), "kind"),
    # packages
    "macro.docx": (ooxml("docx", {"word/vbaProject.bin": b"x"}), "active"),
    "macro-listed.docx": (ooxml("docx", listed=types("docx", _MACRO)), "active"),
    "macro.docm": (ooxml("docx", listed=_MACRO_MAIN), "active"),
    "macro-hidden.docx": (ooxml("docx", listed=_HIDDEN_TYPE), "unsafe"),
    "macro-wide.docx": (
        ooxml("docx", listed=_WIDE_MACRO),
        "active",
    ),
    "macro.odt": (odf("odt", {"Basic/Standard/Module1.xml": "<a/>"}), "active"),
    "locked.odt": (
        odf("odt", {"META-INF/manifest.xml": '<m xmlns:m="m"><m:encryption-data/></m>'}),
        "encrypted",
    ),
    "headless.docx": (ooxml("docx", listed=types("xlsx")), "kind"),
    "laughs.docx": (ooxml("docx", {"word/document.xml": _ENTITY}), "unsafe"),
    "outside.docx": (ooxml("docx", {"word/footer.xml": _OUTSIDE}), "unsafe"),
    "outside-wide.xlsx": (ooxml("xlsx", {"xl/styles.xml": _OUTSIDE.encode("utf-16")}), "unsafe"),
    "outside.ods": (odf("ods", {"content.xml": _OUTSIDE}), "unsafe"),
    "bomb.docx": (bomb, "bomb"),
    "lying-bomb.docx": (lying_bomb, "bomb"),
    "crowd.docx": (crowd, "bomb"),
    "huge-table.docx": (many_tables(), "bomb"),
    "overlapping.docx": (overlapping(), "bomb"),
    "renamed.docx": (renamed_in_place(), "unsafe"),
    "flagged.docx": (claims_encryption(), "encrypted"),
    "climbing.docx": (ooxml("docx", {"../../evil.xml": "<a/>"}), "unsafe"),
    "absolute.docx": (ooxml("docx", {"/etc/passwd": "<a/>"}), "unsafe"),
    "backslash.docx": (ooxml("docx", {"..\\evil.exe": "a"}), "unsafe"),
    "drive.docx": (ooxml("docx", {"C:/evil.exe": "a"}), "unsafe"),
    "twice.docx": (ooxml("docx", {"WORD/document.xml": "<a/>"}), "unsafe"),
    "deep.docx": (ooxml("docx", {"a/" * 20 + "b.xml": "<a/>"}), "unsafe"),
    "cut.docx": (ooxml("docx")[:-30], "unsafe"),
    "lead.docx": (archive({"a": "b"})[:-22] + ooxml("docx"), "unsafe"),
    "lzma.docx": (archive({"[Content_Types].xml": types("docx")}, zipfile.ZIP_LZMA), "unsafe"),
    # images
    "wide.png": (png(100_000, 10), "pixels"),
    "big.png": (png(20_000, 20_000), "pixels"),
    "flat.png": (png(0, 5), "broken"),
    "cut.png": (png()[:-28], "broken"),
    "headless.png": (b"\x89PNG\r\n\x1a\n" + bytes(40), "broken"),
    "big.jpg": (jpeg(60_000, 60_000), "pixels"),
    "flat.jpg": (jpeg(0, 0), "broken"),
    "cut.jpg": (jpeg()[:20], "broken"),
    "half.jpg": (noise("JPEG")[: -len(noise("JPEG")) // 2], "broken"),
    "half.png": (noise("PNG")[: -len(noise("PNG")) // 2], "broken"),
    "not.jpg": (b"\xff\xd8\xff" + b"<script>alert(1)</script>", "broken"),
    # two kinds at once
    "pdf-zip.pdf": (pdf() + archive({"a.txt": "a"}), "polyglot"),
    "jpeg-pdf.jpg": (jpeg(comment=b"\n" + pdf()), "polyglot"),
}


def attack(name: str) -> tuple[bytes, str]:
    """The content of an attack, and the reason it is refused for."""
    content, reason = ATTACKS[name]
    return content() if callable(content) else content, reason
