"""JPEG and PNG images: decoded by Pillow, so that what is accepted can be seen; where the picture ends. PURE."""

from __future__ import annotations

import io
import warnings
from contextlib import suppress
from typing import Any, BinaryIO, Final

from PIL import Image, ImageFile, UnidentifiedImageError

from dgready.guard.readers.signatures import PNG_SIGNATURE
from dgready.guard.readers.verdict import Inspected, NotAccepted
from dgready.limits import ImageLimits

_FORMATS: Final = {"png": ("PNG",), "jpeg": ("JPEG", "MPO")}  # MPO: what cameras write with a second view
_SMALL: Final = 2000  # pixels of a side to which a JPEG is decoded; each block of it is read for that all the same
_BARE_MARKERS: Final = frozenset({0x01, *range(0xD0, 0xD8)})  # markers without a length
_CHUNK: Final = 1 << 16
_JPEG_END: Final = b"\xff\xd9"
_JPEG_MISSING: Final = 128  # libjpeg fills what is missing with grey
_FOLLOWING: Final = 64  # bytes
_MISSING_MOST: Final = 0.05  # of the lines: a reader sees the rest


def inspect_image(file: BinaryIO, size: int, limits: ImageLimits) -> Inspected:
    """The image; what lies behind its end is left out of its length. Raises NotAccepted."""
    file.seek(0)
    kind = "png" if file.read(8) == PNG_SIGNATURE else "jpeg"
    try:
        _decode(file, kind, limits)
    except OSError:
        _decode_cut(file, kind, limits)
    end = _png_end(file, size) if kind == "png" else _jpeg_end(file, size)
    return Inspected(kind, f"image/{kind}", 1, length=end if end < size else None)


def _decode_cut(file: BinaryIO, kind: str, limits: ImageLimits) -> None:
    """Takes an image that ends too early, as messengers leave them, when all but a line of it can be seen."""
    file.seek(0)
    content = file.read()
    try:
        if kind == "jpeg":
            with suppress(OSError):  # all is there but the end marker: the decoder only wants something to follow
                _decode(io.BytesIO(content + bytes(_FOLLOWING)), kind, limits)
                return
            missing = _decode(io.BytesIO(content + _JPEG_END), kind, limits, missing=_JPEG_MISSING)
        else:
            missing = _decode(io.BytesIO(content), kind, limits, missing=0)
    except OSError as error:
        raise NotAccepted("broken_image") from error
    if missing > _MISSING_MOST:
        raise NotAccepted("broken_image")


def _decode(file: BinaryIO, kind: str, limits: ImageLimits, *, missing: int | None = None) -> float:
    """Decodes an image whole. Raises OSError when it ends too early, NotAccepted for other faults.

    `missing`: the value that the decoder leaves where nothing came; then the share of such lines at the lower end.
    """
    Image.MAX_IMAGE_PIXELS = None  # the limit is ours, and in words
    ImageFile.LOAD_TRUNCATED_IMAGES = missing is not None
    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(file, formats=_FORMATS[kind]) as image:
                width, height = image.size
                if max(width, height) > limits.side or width * height > limits.pixels:
                    raise NotAccepted("pixels", width=width, height=height, limit=limits.pixels // 1_000_000)
                if kind == "jpeg":
                    image.draft(image.mode, (_SMALL, _SMALL))
                image.load()
                return 0.0 if missing is None else _missing_share(image, missing)
    except UnidentifiedImageError as error:  # an OSError, but not one of length
        raise NotAccepted("broken_image") from error
    except (NotAccepted, OSError):
        raise
    except MemoryError:
        raise NotAccepted("pixels", width=width, height=height, limit=limits.pixels // 1_000_000) from None
    except Exception as error:  # Pillow raises whatever its decoders raise
        raise NotAccepted("broken_image") from error
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = False  # whoever else is in this process asked for no half pictures


def _missing_share(image: Image.Image, value: int) -> float:
    """The share of lines at the lower end in which every value of every channel is this one."""
    width, height = image.size
    lines = 0
    for y in range(height - 1, -1, -1):
        extremes = image.crop((0, y, width, y + 1)).getextrema()
        if {number for pair in _pairs(extremes) for number in pair} != {value}:
            break
        lines += 1
    return lines / height


def _pairs(extremes: Any) -> tuple[tuple[float, float], ...]:
    """Least and most of each channel; Pillow gives a single channel bare."""
    return extremes if isinstance(extremes[0], tuple) else (extremes,)


def _png_end(file: BinaryIO, size: int) -> int:
    """Where the last chunk ends; the file's own end where that chunk is missing."""
    position = len(PNG_SIGNATURE)
    while position + 12 <= size:
        file.seek(position)
        head = file.read(8)
        position += 12 + int.from_bytes(head[:4], "big")
        if head[4:] == b"IEND":
            return min(position, size)
    return size


def _jpeg_end(file: BinaryIO, size: int) -> int:
    """Where the end marker of the picture ends, not one of a preview inside it; else the file's own end."""
    position = 2
    while position + 4 <= size:
        file.seek(position)
        head = file.read(4)
        if head[0] != 0xFF:
            return size
        marker = head[1]
        if marker == 0xD9:
            return position + 2
        if marker == 0xFF:
            position += 1
        elif marker in _BARE_MARKERS:
            position += 2
        else:
            position += 2 + int.from_bytes(head[2:], "big")
            if marker == 0xDA:
                position = _scan_end(file, position, size)
    file.seek(position)
    return position + 2 if file.read(2) == _JPEG_END else size


def _scan_end(file: BinaryIO, position: int, size: int) -> int:
    """Where the next marker after the coded pixels stands."""
    file.seek(position)
    last, at = b"", position
    while chunk := file.read(_CHUNK):
        data, start = last + chunk, at - len(last)
        found = data.find(b"\xff")
        while 0 <= found < len(data) - 1:
            if data[found + 1] not in (0x00, 0xFF, *range(0xD0, 0xD8)):
                return start + found
            found = data.find(b"\xff", found + 1)
        last, at = data[-1:], at + len(chunk)
    return size
