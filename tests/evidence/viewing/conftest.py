"""Papers that say something about the places of the sample form, attached and read at once as the worker would."""

from __future__ import annotations

import tempfile
from array import array
from collections.abc import Callable
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile

from evidence import store
from evidence.models import Attachment, FileRendition, FileText, RenditionState
from evidence.reading.actions import queue_reading, read_stored_file
from evidence.reading.pages import PageText
from reports.documents.render import write_pdf
from tests.evidence.conftest import World

Attach = Callable[..., Attachment]
PLAN = "จังหวัดมีแผนครอบคลุมเรื่องสองทำแล้วเมื่อวันที่ 5 มีนาคม 2599"
OTHER = "รายงานการประชุมว่าด้วยการซ่อมถนนเลียบแม่น้ำของจังหวัดตัวอย่าง"
_STYLE = """
@font-face { font-family: Sarabun; src: url(dgready:///font/Regular); }
@page { size: A5; margin: 20mm; }
body { font-family: Sarabun; font-size: 14pt; margin: 0; }
section { break-after: page; }
section:last-child { break-after: auto; }
"""


@cache
def paper(*pages: str) -> bytes:
    """A PDF in Thai, one paragraph a page."""
    body = "".join(f"<section><p>หน้าที่ {n}</p><p>{escape(text)}</p></section>" for n, text in enumerate(pages, 1))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "paper.pdf"
        head = f"<head><meta charset=utf-8><title>แผน</title><style>{_STYLE}</style></head>"
        write_pdf(f'<!doctype html><html lang="th">{head}<body>{body}</body></html>', path)
        return path.read_bytes()


_read: dict[str, dict[str, Any]] = {}


def read_now(attachment: Attachment) -> Attachment:
    """The attachment, its file read; each content once in a run of the tests."""
    assert attachment.file is not None
    sha256 = attachment.file.sha256
    if sha256 not in _read:
        queue_reading(attachment.file)
        while read_stored_file(attachment.file.pk):
            pass
        row = FileText.objects.filter(file=attachment.file).values().get()
        assert row["read_at"] is not None
        _read[sha256] = {name: value for name, value in row.items() if name not in ("id", "file_id")}
    FileText.objects.update_or_create(file=attachment.file, defaults=_read[sha256])
    return attachment


@pytest.fixture
def attach_read(world: World) -> Attach:
    """Attaches a file, and reads it."""

    def attach(content: bytes, name: str = "แผน.pdf", address: str = "E1=done", **more: Any) -> Attachment:
        return read_now(world.attach(address, content, name=name, **more))

    return attach


def rendition_of(attachment: Attachment, content: bytes) -> FileRendition:
    """The PDF of an office document, as if the worker had made it."""
    with store.spool_upload(ContentFile(content)) as spooled:
        stored = store.store_content(spooled)
    made = {"state": RenditionState.MADE, "stored": stored, "size": len(content), "pages": 1}
    return FileRendition.objects.update_or_create(file=attachment.file, defaults=made)[0]


def grid_page(number: int, *lines: str) -> PageText:
    """A page on which each character is 100 wide and each line 200 high, from left and top."""
    text = "\n".join(lines)
    edges: tuple[list[int], ...] = ([], [], [], [])
    for row, line in enumerate(lines):
        for column in range(len(line)):
            for plane, edge in enumerate((column * 100, row * 200, column * 100 + 100, row * 200 + 200)):
                edges[plane].append(edge)
        if row + 1 < len(lines):
            for plane in edges:
                plane.append(0)
    return PageText(number, text, width=500, height=700, boxes=array("H", [edge for plane in edges for edge in plane]))
