"""A file from outside as plain pages for an evidence binder: upright, with room for a stamp, marks burned in. PURE.

Each page becomes a drawing (form XObject) on a page of ours. So whatever its boxes, its rotation or its unfinished
graphics are, nothing of it reaches beyond its own place, and nothing but what is drawn comes along: no scripts, no
attachments, no links.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO, Final

import pikepdf

from dgready.guard.readers.binder_images import image_size, image_stream
from dgready.guard.readers.binder_layout import add_page
from dgready.guard.readers.binder_marks import add_highlight
from dgready.guard.readers.pdfs import STREAM

_LETTER: Final = (0.0, 0.0, 612.0, 792.0)  # where a page has no box that means anything
_LARGEST: Final = 14_400.0  # points of a side


def prepare(file: BinaryIO, kind: str, target: str, marks: Sequence[Mapping[str, Any]], most: int) -> dict[str, Any]:
    """Writes the pages of a PDF or a picture to `target`; how many there are, or why there are none.

    A mark has its `page`, `areas` (left, top, right, bottom in parts of the page as it is shown) and `text`. Of more
    than `most` pages none is written.
    """
    pikepdf.settings.set_qpdf_limits(flate_max_memory=STREAM, png_max_memory=STREAM, tiff_max_memory=STREAM)
    with pikepdf.new() as out:
        if kind in ("jpeg", "png"):
            image, *pixels = image_stream(out, file)
            width, height = image_size((pixels[0], pixels[1]))
            add_page(out, image, (width, 0, 0, height, 0, 0), width, height)
        else:
            try:
                source = pikepdf.open(file, suppress_warnings=True)
            except pikepdf.PasswordError:
                return {"refused": "encrypted"}
            if source.is_encrypted:
                return {"refused": "restricted"}
            if len(source.pages) > most:
                return {"refused": "long"}
            _copy_pages(source, out)
        for mark in marks:
            if 1 <= mark["page"] <= len(out.pages):
                add_highlight(out, out.pages[mark["page"] - 1], mark["areas"], mark["text"])
        count = len(out.pages)
        out.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return {"pages": count}


def _copy_pages(source: pikepdf.Pdf, out: pikepdf.Pdf) -> None:
    # What was written into forms and beside the text is part of what was seen: it becomes part of the drawing.
    source.flatten_annotations("all")
    for page in source.pages:
        left, bottom, right, top = _shown_box(page)
        page.trimbox = page.cropbox = page.mediabox = pikepdf.Rectangle(left, bottom, right, top)
        form = out.copy_foreign(page.as_form_xobject(handle_transformations=False))
        for key in ("/StructParents", "/PieceInfo"):
            if key in form:
                del form[key]
        unit = _unit(page)
        matrix = _upright(int(page.obj.get("/Rotate", 0)) % 360, (left, bottom, right, top))
        turned = matrix[0] == 0
        width, height = (
            unit * size for size in ((top - bottom, right - left) if turned else (right - left, top - bottom))
        )
        add_page(out, form, [unit * value for value in matrix], width, height)


def _shown_box(page: pikepdf.Page) -> tuple[float, float, float, float]:
    """The part of the page that a reader sees: its crop box, as far as it lies in its media box."""
    media = _corners(page.mediabox) or _LETTER
    crop = _corners(page.cropbox) or media
    box = (max(media[0], crop[0]), max(media[1], crop[1]), min(media[2], crop[2]), min(media[3], crop[3]))
    return box if box[2] - box[0] >= 1 and box[3] - box[1] >= 1 else media


def _corners(box: Any) -> tuple[float, float, float, float] | None:
    try:
        x0, y0, x1, y1 = (float(edge) for edge in box)
    except (TypeError, ValueError):
        return None
    left, right, bottom, top = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
    sound = 1 <= right - left <= _LARGEST and 1 <= top - bottom <= _LARGEST
    return (left, bottom, right, top) if sound else None


def _unit(page: pikepdf.Page) -> float:
    unit = float(page.obj.get("/UserUnit", 1))
    return unit if 0.1 <= unit <= 20 else 1.0


def _upright(rotation: int, box: tuple[float, float, float, float]) -> tuple[float, float, float, float, float, float]:
    """The matrix that puts a page as it is shown into the first quadrant."""
    left, bottom, right, top = box
    if rotation == 90:
        return (0, -1, 1, 0, -bottom, right)
    if rotation == 180:
        return (-1, 0, 0, -1, right, top)
    if rotation == 270:
        return (0, 1, -1, 0, top, -left)
    return (1, 0, 0, 1, -left, -bottom)
