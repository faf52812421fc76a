"""The pages of a binder: a drawing above a strip that is kept free for the stamp. PURE."""

from __future__ import annotations

from collections.abc import Sequence

import pikepdf


def strip_height(width: float) -> float:
    """The height of the strip below the content of a page of this width, in points."""
    return max(12.0, min(60.0, 0.03 * width))


def add_page(out: pikepdf.Pdf, drawing: pikepdf.Object, matrix: Sequence[float], width: float, height: float) -> None:
    """Adds a page of this size, and below it a strip, with a drawing placed by a matrix."""
    strip = strip_height(width)
    *turn, x, y = matrix
    place = " ".join(f"{value:.5f}" for value in (*turn, x, y + strip))
    content = out.make_stream(f"q {place} cm /Doc Do Q".encode("ascii"))
    page = pikepdf.Dictionary(
        Type=pikepdf.Name.Page,
        MediaBox=[0, 0, round(width, 3), round(height + strip, 3)],
        Resources=pikepdf.Dictionary(XObject=pikepdf.Dictionary(Doc=drawing)),
        Contents=content,
    )
    out.pages.append(pikepdf.Page(out.make_indirect(page)))
