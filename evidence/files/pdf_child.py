"""Looks into one PDF; run by evidence.files.pdfs in a child process (dgready.children). PURE.

A crafted PDF can ask for any amount of memory or time; there that ends the child only.
"""

from typing import BinaryIO

import pikepdf

STREAM = 256 << 20  # bytes of one decoded stream


def count_pages(file: BinaryIO) -> int | str:
    """The number of pages, or the word "encrypted", "none" or "broken"."""
    pikepdf.settings.set_qpdf_limits(flate_max_memory=STREAM, png_max_memory=STREAM, tiff_max_memory=STREAM)
    try:
        with pikepdf.open(file, suppress_warnings=True) as pdf:
            if pdf.is_encrypted:
                return "encrypted"
            return len(pdf.pages) or "none"
    except pikepdf.PasswordError:
        return "encrypted"
    except Exception:  # whatever a hostile file provokes, it is a broken file
        return "broken"
