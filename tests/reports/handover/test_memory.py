"""A binder of many pages is made in little memory; DGREADY_BINDER_FILES=300 measures the size that is promised."""

from __future__ import annotations

import io
import os
import re
import time
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from evidence import store
from evidence.models import Attachment, File, FileKind, FileText, Mark, TextState
from evidence.reading.extracting import VERSION
from evidence.reading.pages import DocumentText, PageText, pack
from reports.handover import binder
from reports.handover.gathering import gather_package
from reports.handover.package import Scope
from tests.evidence.conftest import World
from tests.reports.handover.conftest import quiet
from tests.reports.handover.samples import QUOTE, thai_pdf

FILES = int(os.environ.get("DGREADY_BINDER_FILES", "10"))
PAGES = 10


def memory(name: str) -> float:
    """A measure of this process (VmRSS now, VmHWM at most), in megabytes."""
    match = re.search(rf"{name}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert match
    return int(match[1]) / 1024


def scan(number: int) -> bytes:
    """Pages as an office's scanner makes them: a picture of 300 kB each, and a page of text at the end."""
    noise = Image.effect_noise((1000, 1400), 60 + number % 30).convert("L")
    packed = io.BytesIO()
    noise.save(packed, "JPEG", quality=25)
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(thai_pdf(QUOTE))) as pdf:
        for page in range(PAGES - 1):
            picture = pikepdf.Stream(pdf, packed.getvalue() + bytes([page]))
            picture.Type, picture.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
            picture.Width, picture.Height, picture.BitsPerComponent = 1000, 1400, 8
            picture.ColorSpace, picture.Filter = pikepdf.Name.DeviceGray, pikepdf.Name.DCTDecode
            made = pdf.add_blank_page(page_size=(595, 842))
            made.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=picture))
            made.obj.Contents = pdf.make_stream(b"q 595 0 0 842 0 0 cm /P Do Q")
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


class _Upload:
    def __init__(self, content: bytes) -> None:
        self.content = content

    def chunks(self, chunk_size: int | None = None) -> list[bytes]:
        return [self.content]


def fill(world: World) -> None:
    """Many different files at one place, stored and read without the guard: it is not what is measured."""
    text = pack(DocumentText(tuple(PageText(number, QUOTE) for number in range(1, PAGES + 1))))
    for number in range(FILES):
        with store.spool_upload(_Upload(scan(number))) as content:
            stored, digest, size = store.store_content(content), content.sha256, content.size
        file = File.objects.create(
            sha256=digest, size=size, kind=FileKind.PDF, media_type="application/pdf", stored=stored, pages=PAGES
        )
        FileText.objects.create(file=file, state=TextState.READ, reader=VERSION, pages=text)
        row = Attachment.objects.create(
            response=world.response,
            question=world.question("E1"),
            address="E1=done",
            file=file,
            name=f"เอกสารฉบับที่ {number}.pdf",
            added_by=world.secretary,
            added_at="2026-01-01T00:00Z",
        )
        Mark.objects.create(
            attachment=row, pages="1", quote=QUOTE, areas="1:1000,1000,5000,1500", by=world.secretary, at=row.added_at
        )


@pytest.mark.slow
@pytest.mark.once
def test_a_binder_of_many_pages_takes_little_memory(world: World, tmp_path: Path) -> None:
    world.answer({"E1": "done"})
    fill(world)
    path = tmp_path / "binder.pdf"
    before, begun = memory("VmRSS"), time.monotonic()
    Path("/proc/self/clear_refs").write_text("5")  # the highest measure begins anew
    binder.write_binder(gather_package(world.response, Scope()), path, quiet)
    most = memory("VmHWM")
    with pikepdf.open(path) as pdf:
        pages = len(pdf.pages)
    print(f"{FILES} files, {pages} pages, {path.stat().st_size >> 20} MB in {time.monotonic() - begun:.0f} s;")
    print(f"memory {before:.0f} MB before, {most:.0f} MB at most")
    assert pages > FILES * (PAGES + 1)
    assert most - before < 150
