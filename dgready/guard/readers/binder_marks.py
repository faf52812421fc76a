"""Highlights on the pages of a binder, each with the drawing that every reader shows. PURE."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pikepdf

from dgready.guard.readers.binder_layout import strip_height

COLOUR: Final = (1.0, 0.87, 0.25)
_FLAGS: Final = 4 | 64 | 128  # printed; not to be changed, not to be moved
_LEAST: Final = 1.0  # points that a rectangle is high and wide


def add_highlight(out: pikepdf.Pdf, page: pikepdf.Page, areas: Sequence[Sequence[float]], text: str) -> None:
    """Adds one highlight over rectangles of the content (left, top, right, bottom in parts of it as it is shown)."""
    boxes = [_box(page, area) for area in areas]
    if not boxes:
        return
    left, bottom = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, top = max(box[2] for box in boxes), max(box[3] for box in boxes)
    rect = [round(edge, 2) for edge in (left, bottom, right, top)]
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Highlight,
        Rect=rect,
        QuadPoints=[round(value, 2) for box in boxes for value in _quad(box)],
        C=list(COLOUR),
        CA=1,
        F=_FLAGS,
        Contents=pikepdf.String(text),
        AP=pikepdf.Dictionary(N=_appearance(out, boxes, rect)),
    )
    if "/Annots" not in page.obj:
        page.obj.Annots = out.make_indirect(pikepdf.Array())
    page.obj.Annots.append(out.make_indirect(note))


def _box(page: pikepdf.Page, area: Sequence[float]) -> tuple[float, float, float, float]:
    """The rectangle on the page; the content stands above a strip."""
    width, whole = float(page.mediabox[2]), float(page.mediabox[3])
    strip = strip_height(width)
    height = whole - strip
    left, top, right, bottom = (min(max(float(part), 0.0), 1.0) for part in area)
    x0, x1 = left * width, max(right * width, left * width + _LEAST)
    y1, y0 = whole - top * height, min(whole - bottom * height, whole - top * height - _LEAST)
    return x0, y0, x1, y1


def _quad(box: tuple[float, float, float, float]) -> tuple[float, ...]:
    """The corners in the order that readers expect: above left, above right, below left, below right."""
    x0, y0, x1, y1 = box
    return x0, y1, x1, y1, x0, y0, x1, y0


def _appearance(
    out: pikepdf.Pdf, boxes: Sequence[tuple[float, float, float, float]], rect: Sequence[float]
) -> pikepdf.Object:
    """The drawing: the colour multiplied with what is below, so that the text stays black."""
    colour = " ".join(f"{part:g}" for part in COLOUR)
    fills = "".join(f"{x0:.2f} {y0:.2f} {x1 - x0:.2f} {y1 - y0:.2f} re f\n" for x0, y0, x1, y1 in boxes)
    stream = out.make_stream(f"q /Mark gs {colour} rg\n{fills}Q".encode("ascii"))
    stream.Type, stream.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
    stream.BBox = list(rect)
    state = pikepdf.Dictionary(Type=pikepdf.Name.ExtGState, BM=pikepdf.Name.Multiply, ca=1)
    stream.Resources = pikepdf.Dictionary(ExtGState=pikepdf.Dictionary(Mark=state))
    return stream
