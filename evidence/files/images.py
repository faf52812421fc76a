"""Checks of JPEG and PNG images: structure, dimensions, nothing appended. Pixels are not decoded."""

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
    """Checks the chunks: header first, data, end last and nothing after. Raises EvidenceRefused."""
    position = len(PNG_SIGNATURE)
    is_first, has_data = True, False
    for _chunk in range(_MAX_CHUNKS):
        file.seek(position)
        chunk_head = file.read(8)
        length, name = int.from_bytes(chunk_head[:4], "big"), chunk_head[4:]
        if len(chunk_head) < 8 or position + 12 + length > size or (name == b"IHDR") != is_first:
            raise _broken_image()
        if name == b"IHDR":
            _check_png_header(file, length)
        is_first = False
        has_data = has_data or (name == b"IDAT" and length > 0)
        position += 12 + length
        if name == b"IEND":
            if length or not has_data or position != size:
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
    """Checks the segments up to the first scan, and that the image ends. Raises EvidenceRefused."""
    position, has_frame = 2, False
    for _segment in range(_MAX_SEGMENTS):
        marker, position = _next_marker(file, position)
        if marker in _BARE_MARKERS:
            continue
        file.seek(position)
        length = int.from_bytes(file.read(2), "big")
        if length < 2 or position + length > size:
            raise _broken_image()
        if marker in _FRAME_MARKERS:
            body = file.read(5)
            _check_dimensions(int.from_bytes(body[3:5], "big"), int.from_bytes(body[1:3], "big"))
            has_frame = True
        position += length
        if marker == 0xDA:
            if not has_frame or not _has_end_marker(file, position):
                raise _broken_image()
            return
    raise _broken_image()


def _next_marker(file: BinaryIO, position: int) -> tuple[int, int]:
    file.seek(position)
    if file.read(1) != b"\xff":
        raise _broken_image()
    for fill_bytes in range(64):  # any number of fill bytes is allowed
        byte = file.read(1)
        if byte and byte != b"\xff":
            if byte[0] in (0x00, 0xD8, 0xD9):
                raise _broken_image()
            return byte[0], position + 2 + fill_bytes
    raise _broken_image()


def _has_end_marker(file: BinaryIO, position: int) -> bool:
    """Whether an end marker follows the scan. Cameras append data of their own behind it."""
    file.seek(position)
    last = b""
    while chunk := file.read(1 << 16):
        if b"\xff\xd9" in last + chunk:
            return True
        last = chunk[-1:]
    return False
