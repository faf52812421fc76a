"""A page of a PDF or an image file as a picture for the reader of pictures; run in the child of the guard. PURE."""

from __future__ import annotations

import io
import warnings
from base64 import b64encode
from typing import Any, BinaryIO, Final

import pypdfium2
from PIL import Image, ImageFile, ImageOps

_POINTS: Final = 72  # of an inch
_INK: Final = 60  # of 256 tones between paper and what is drawn
_FEW_PIXELS: Final = 0.00005
_FORMATS: Final = ("PNG", "JPEG", "MPO")


def draw(file: BinaryIO, kind: str, page: int, dots: int, most_side: int, turn: int = 0) -> dict[str, Any]:
    """The page (from 1) in grey: {"png": in base64, "width", "height": in points as it is shown, 0 of an image file,
    "blank": whether nothing is drawn}.

    `dots` to the inch; neither side becomes longer than `most_side` pixels; `turn`: degrees against the clock.
    """
    picture, width, height = _page(file, page, dots, most_side) if kind == "pdf" else _image(file, most_side)
    blank = _is_blank(picture)
    if turn:
        picture = picture.rotate(turn, expand=True)
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=1)
    return {"png": b64encode(out.getvalue()).decode("ascii"), "width": width, "height": height, "blank": blank}


def _is_blank(picture: Image.Image) -> bool:
    """Whether hardly a pixel differs from the paper: a stamp or a word has many more."""
    tones = picture.histogram()
    paper = max(range(256), key=lambda tone: tones[tone])
    ink = sum(count for tone, count in enumerate(tones) if abs(tone - paper) > _INK)
    return ink < _FEW_PIXELS * picture.width * picture.height


def _page(file: BinaryIO, number: int, dots: int, most_side: int) -> tuple[Image.Image, float, float]:
    document = pypdfium2.PdfDocument(file)
    page = document[number - 1]
    width, height = page.get_size()
    scale = min(dots / _POINTS, most_side / max(width, height, 1))
    picture = page.render(scale=scale, grayscale=True).to_pil().convert("L")
    return picture, round(width, 1), round(height, 1)


def _image(file: BinaryIO, most_side: int) -> tuple[Image.Image, float, float]:
    """An image turned upright by what its camera says."""
    Image.MAX_IMAGE_PIXELS = None  # its size was judged when it came; memory has the limit of the child
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(file, formats=_FORMATS) as image:
            image.draft("L", (most_side, most_side))
            upright = ImageOps.exif_transpose(image).convert("L")
    upright.thumbnail((most_side, most_side))
    return upright, 0, 0
