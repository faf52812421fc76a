"""Documents for the binder's tests: Thai text as PDF, pages of every shape, pictures."""

from __future__ import annotations

import io
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Final

import pikepdf
from PIL import Image, ImageDraw

from reports.documents.render import write_pdf

QUOTE: Final = "จังหวัดเผยแพร่บัญชีข้อมูลภาครัฐ"
OTHER: Final = "แต่งตั้งคณะทำงานธรรมาภิบาลข้อมูล"


@cache
def thai_pdf(*pages: str, size: str = "A4") -> bytes:
    """A PDF with one text on each page."""
    body = "".join(f'<p style="break-after: page">ประกาศจังหวัด<br>{text}</p>' for text in pages)
    style = f'<link rel="stylesheet" href="dgready:///css/print.css"><style>@page {{ size: {size} }}</style>'
    html = f'<html lang="th"><head><title>ประกาศ</title>{style}</head><body>{body}</body></html>'
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.pdf"
        write_pdf(html, path)
        return path.read_bytes()


def turned(content: bytes, rotation: int, crop: tuple[float, ...] = (), unit: float = 1) -> bytes:
    """The same PDF with its pages turned, cropped, and in another unit."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for page in pdf.pages:
            page.obj.Rotate = rotation
            if crop:
                page.obj.CropBox = list(crop)
            if unit != 1:
                page.obj.UserUnit = unit
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def picture(kind: str = "PNG", size: tuple[int, int] = (600, 400)) -> bytes:
    """A white picture with a black frame, and a red spot at its lower right."""
    image = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(image)
    pen.rectangle((5, 5, size[0] - 6, size[1] - 6), outline="black", width=4)
    pen.rectangle((size[0] * 3 // 4, size[1] * 3 // 4, size[0] - 20, size[1] - 20), fill="red")
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


def words_of(path: Path, page: int) -> list[tuple[float, float, float, float, str]]:
    """The words of a page with their boxes from the top left, as pdftotext sees them."""
    command = ["pdftotext", "-bbox", "-f", str(page), "-l", str(page), str(path), "-"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = []
    for line in done.stdout.splitlines():
        if "<word " in line:
            parts = line.split('"')
            left, top, right, bottom = (float(parts[n]) for n in (1, 3, 5, 7))
            found.append((left, top, right, bottom, line.partition(">")[2].rpartition("<")[0]))
    return found


def colour_at(path: Path, page: int, x: float, y: float) -> tuple[int, int, int]:
    """The colour of a page, drawn by poppler, at a point in parts of the whole page."""
    command = ["pdftoppm", "-r", "50", "-f", str(page), "-l", str(page), "-png", str(path)]
    drawn = subprocess.run(command, capture_output=True, check=True).stdout
    with Image.open(io.BytesIO(drawn)) as image:
        pixel = image.convert("RGB").getpixel((int(x * image.width), int(y * image.height)))
    assert isinstance(pixel, tuple)
    return pixel[0], pixel[1], pixel[2]
