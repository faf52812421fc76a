"""A picture as one page of a binder. PURE."""

from __future__ import annotations

import io
from typing import Any, BinaryIO, Final

import pikepdf
from PIL import Image, ImageOps

PAGE: Final = (595.0, 842.0)  # points of the shorter and the longer side that it may fill
_MOST_SIDE: Final = 3500  # pixels; more is not seen in print
_ORIENTATION: Final = 0x0112


def image_stream(out: pikepdf.Pdf, file: BinaryIO) -> tuple[pikepdf.Object, int, int]:
    """The picture as an image of the PDF, upright, with its width and height in pixels."""
    with Image.open(file) as picture:
        upright = picture.getexif().get(_ORIENTATION, 1) == 1
        small = max(picture.size) <= 2 * _MOST_SIDE
        if picture.format == "JPEG" and picture.mode in ("RGB", "L") and upright and small:
            file.seek(0)
            return _jpeg(out, file.read(), picture.size, picture.mode), *picture.size
        picture.draft("RGB", (_MOST_SIDE, _MOST_SIDE))
        made: Any = ImageOps.exif_transpose(picture)
        made.thumbnail((_MOST_SIDE, _MOST_SIDE))
        if "A" in made.getbands() or "transparency" in made.info:
            made = Image.alpha_composite(Image.new("RGBA", made.size, "white"), made.convert("RGBA"))
        made = made.convert("RGB")
        packed = io.BytesIO()
        made.save(packed, "JPEG", quality=88)
        return _jpeg(out, packed.getvalue(), made.size, "RGB"), *made.size


def _jpeg(out: pikepdf.Pdf, content: bytes, size: tuple[int, int], mode: str) -> pikepdf.Object:
    stream = pikepdf.Stream(out, content)
    stream.Type, stream.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    stream.Width, stream.Height = size
    stream.ColorSpace = pikepdf.Name.DeviceGray if mode == "L" else pikepdf.Name.DeviceRGB
    stream.BitsPerComponent, stream.Filter = 8, pikepdf.Name.DCTDecode
    return stream


def image_size(pixels: tuple[int, int]) -> tuple[float, float]:
    """The size of its page in points: as large as a sheet of A4, standing or lying, holds it."""
    width, height = pixels
    wide, high = (PAGE[1], PAGE[0]) if width > height else PAGE
    scale = min(wide / width, high / height)
    return max(width * scale, 20.0), max(height * scale, 20.0)
