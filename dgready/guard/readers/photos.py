"""Photos of phones in HEIC or HEIF, made into JPEG so that every reader sees them; run in the guard's child. PURE."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from typing import Any, BinaryIO, Final

import pillow_heif
from PIL import Image, ImageOps

from dgready.limits import ImageLimits

_QUALITIES: Final = (90, 75, 50)  # of the JPEG, until it is small enough
_MOST: Final = 20 << 20  # bytes of it; what the child says is longer by a third
_TAKEN: Final = (0x9003, 0x9011)  # when the photo was taken, and the offset of that clock
_EXIF_PART: Final = 0x8769
_CHANGED: Final = 0x0132
_PHOTOGRAPHED: Final = ("JPEG", "PNG", "HEIF")
_PAGE_QUALITY: Final = 82


def as_jpeg(file: BinaryIO, image: Mapping[str, int]) -> dict[str, Any]:
    """The picture upright, in `jpeg` by base64; or `refused`, `found` and `values` as NotAccepted has them.

    Of what the phone wrote down beside it only the time is kept: no place, no owner, no preview.
    """
    limits = ImageLimits(**image)
    Image.MAX_IMAGE_PIXELS = None  # the limit is ours, and in words
    pillow_heif.options.DECODE_THREADS = 1
    pillow_heif.register_heif_opener(thumbnails=False)
    try:
        with Image.open(file, formats=("HEIF",)) as photo:
            width, height = photo.size
            if max(width, height) > limits.side or width * height > limits.pixels:
                return _too_many(width, height, limits)
            try:
                return {"jpeg": base64.b64encode(_write(photo)).decode()}
            except MemoryError:
                return _too_many(width, height, limits)
    except Exception:  # the decoders raise whatever a hostile file provokes
        return {"refused": "broken_image", "found": "", "values": {}}


def _too_many(width: int, height: int, limits: ImageLimits) -> dict[str, Any]:
    values = {"width": width, "height": height, "limit": limits.pixels // 1_000_000}
    return {"refused": "pixels", "found": "", "values": values}


def _write(photo: Image.Image) -> bytes:
    profile = photo.info.get("icc_profile")
    picture = ImageOps.exif_transpose(photo)
    time = _time_taken(photo)
    picture = _on_white(picture)
    picture = picture.convert("RGB") if picture.mode != "L" else picture
    made = b""
    for quality in _QUALITIES:
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=quality, exif=time, icc_profile=profile)
        made = out.getvalue()
        if len(made) <= _MOST:
            break
    return made


def _time_taken(photo: Image.Image) -> Image.Exif:
    """The times that the camera wrote down, and nothing else of it."""
    given, kept = photo.getexif(), Image.Exif()
    taken = given.get_ifd(_EXIF_PART)
    if isinstance(given.get(_CHANGED), str):
        kept[_CHANGED] = given[_CHANGED]
    times = {tag: taken[tag] for tag in _TAKEN if isinstance(taken.get(tag), str)}
    if times:
        kept[_EXIF_PART] = times
    return kept


def as_page(file: BinaryIO, image: Mapping[str, int], side: int) -> dict[str, Any]:
    """A photo or scan as a page: upright, neither side longer than `side` pixels, with its `width` and `height`.

    In `jpeg` by base64; or `refused`, `found` and `values` as NotAccepted has them.
    """
    limits = ImageLimits(**image)
    Image.MAX_IMAGE_PIXELS = None  # the limit is ours, and in words
    pillow_heif.options.DECODE_THREADS = 1
    pillow_heif.register_heif_opener(thumbnails=False)
    try:
        with Image.open(file, formats=_PHOTOGRAPHED) as photo:
            width, height = photo.size
            if max(width, height) > limits.side or width * height > limits.pixels:
                return _too_many(width, height, limits)
            try:
                photo.draft("RGB", (side, side))
                page = _on_white(ImageOps.exif_transpose(photo))
                page.thumbnail((side, side))
            except MemoryError:
                return _too_many(width, height, limits)
            out = io.BytesIO()
            page.convert("RGB").save(out, "JPEG", quality=_PAGE_QUALITY)
            return {"jpeg": base64.b64encode(out.getvalue()).decode(), "width": page.width, "height": page.height}
    except Exception:  # the decoders raise whatever a hostile file provokes
        return {"refused": "broken_image", "found": "", "values": {}}


def _on_white(picture: Image.Image) -> Image.Image:
    """The picture without what shines through."""
    if not picture.has_transparency_data:
        return picture
    ground = Image.new("RGB", picture.size, "white")
    layer = picture.convert("RGBA")
    ground.paste(layer, mask=layer.getchannel("A"))
    return ground
