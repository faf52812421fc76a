"""JPEG and PNG: a sound frame, a sane size, nothing behind. Pixels are not decoded."""

from __future__ import annotations

import zlib
from typing import BinaryIO, Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from evidence.files.refusal import EvidenceRefused

PNG_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_MAX_CHUNKS: Final = 100_000
_MAX_SEGMENTS: Final = 5_000
_FRAME_MARKERS: Final = frozenset({*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0)})
_BARE_MARKERS: Final = frozenset({0x01, *range(0xD0, 0xD8)})  # markers without a length


def _broken_image() -> EvidenceRefused:
    return EvidenceRefused("broken", _("ไฟล์ภาพนี้เสียหายหรือไม่สมบูรณ์ โปรดบันทึกใหม่แล้วแนบอีกครั้ง"))


def _check_dimensions(width: int, height: int) -> None:
    if not width or not height:
        raise _broken_image()
    limits = settings.IMAGE_LIMITS
    if max(width, height) > limits.side or width * height > limits.pixels:
        values = {"width": width, "height": height, "limit": limits.pixels // 1_000_000}
        raise EvidenceRefused(
            "pixels",
            _("ภาพใหญ่เกินไป (%(width)d × %(height)d จุด) โปรดลดขนาดให้ไม่เกิน %(limit)d ล้านจุด") % values,
        )


def check_png(file: BinaryIO, size: int) -> None:
    """Walks the chunks: header first, data, end last and nothing after. Raises Refused."""
    at = len(PNG_SIGNATURE)
    first, has_data = True, False
    for _chunk in range(_MAX_CHUNKS):
        file.seek(at)
        frame = file.read(8)
        length, name = int.from_bytes(frame[:4], "big"), frame[4:]
        if len(frame) < 8 or at + 12 + length > size or (name == b"IHDR") != first:
            raise _broken_image()
        if name == b"IHDR":
            _check_png_header(file, length)
        first = False
        has_data = has_data or (name == b"IDAT" and length > 0)
        at += 12 + length
        if name == b"IEND":
            if length or not has_data or at != size:
                raise _broken_image()
            return
    raise _broken_image()


def _check_png_header(file: BinaryIO, length: int) -> None:
    if length != 13:
        raise _broken_image()
    data, checksum = file.read(13), file.read(4)
    if zlib.crc32(b"IHDR" + data) != int.from_bytes(checksum, "big"):
        raise _broken_image()
    _check_dimensions(int.from_bytes(data[:4], "big"), int.from_bytes(data[4:8], "big"))


def check_jpeg(file: BinaryIO, size: int) -> None:
    """Walks the segments to the first scan, and looks for the end of the picture. Raises Refused."""
    at, framed = 2, False
    for _segment in range(_MAX_SEGMENTS):
        marker, at = _next_marker(file, at)
        if marker in _BARE_MARKERS:
            continue
        file.seek(at)
        length = int.from_bytes(file.read(2), "big")
        if length < 2 or at + length > size:
            raise _broken_image()
        if marker in _FRAME_MARKERS:
            body = file.read(5)
            _check_dimensions(int.from_bytes(body[3:5], "big"), int.from_bytes(body[1:3], "big"))
            framed = True
        at += length
        if marker == 0xDA:
            if not framed or not _has_end_marker(file, at):
                raise _broken_image()
            return
    raise _broken_image()


def _next_marker(file: BinaryIO, at: int) -> tuple[int, int]:
    file.seek(at)
    if file.read(1) != b"\xff":
        raise _broken_image()
    for filled in range(64):  # any number of fill bytes is allowed
        byte = file.read(1)
        if byte and byte != b"\xff":
            if byte[0] in (0x00, 0xD8, 0xD9):
                raise _broken_image()
            return byte[0], at + 2 + filled
    raise _broken_image()


def _has_end_marker(file: BinaryIO, at: int) -> bool:
    """Whether an end marker follows the scan. Cameras put other data of their own behind it."""
    file.seek(at)
    last = b""
    while chunk := file.read(1 << 16):
        if b"\xff\xd9" in last + chunk:
            return True
        last = chunk[-1:]
    return False
