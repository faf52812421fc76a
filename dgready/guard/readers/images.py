"""JPEG and PNG images: decoded by Pillow, so that what is accepted can be seen; where the picture ends. PURE."""

from __future__ import annotations

import warnings
from typing import BinaryIO, Final

from PIL import Image, ImageFile

from dgready.guard.readers.signatures import PNG_SIGNATURE
from dgready.guard.readers.verdict import Inspected, NotAccepted
from dgready.limits import ImageLimits

_FORMATS: Final = {"png": ("PNG",), "jpeg": ("JPEG", "MPO")}  # MPO: what cameras write with a second view
_SMALL: Final = 2000  # pixels of a side to which a JPEG is decoded; each block of it is read for that all the same
_BARE_MARKERS: Final = frozenset({0x01, *range(0xD0, 0xD8)})  # markers without a length
_CHUNK: Final = 1 << 16


def inspect_image(file: BinaryIO, size: int, limits: ImageLimits) -> Inspected:
    """The image; what lies behind its end is left out of its length. Raises NotAccepted."""
    file.seek(0)
    kind = "png" if file.read(8) == PNG_SIGNATURE else "jpeg"
    _decode(file, kind, limits)
    end = _png_end(file, size) if kind == "png" else _jpeg_end(file, size)
    return Inspected(kind, f"image/{kind}", 1, length=end if end < size else None)


def _decode(file: BinaryIO, kind: str, limits: ImageLimits) -> None:
    Image.MAX_IMAGE_PIXELS = None  # the limit is ours, and in words
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # whoever else is in this process may have asked for half pictures
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
    except NotAccepted:
        raise
    except MemoryError:
        raise NotAccepted("pixels", width=width, height=height, limit=limits.pixels // 1_000_000) from None
    except Exception as error:  # Pillow raises whatever its decoders raise
        raise NotAccepted("broken_image") from error


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
    return position + 2 if file.read(2) == b"\xff\xd9" else size


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
