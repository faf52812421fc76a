"""Photographed pages as one PDF: upright, in their order, readable by others."""

from __future__ import annotations

import io
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from evidence.files.refusal import EvidenceRefused
from evidence.placing.actions.photographing import photographed_pdf
from evidence.placing.photo_pdf import write_photo_pdf


def photo(size: tuple[int, int], kind: str = "JPEG", *, turned: bool = False, **more: Any) -> SimpleUploadedFile:
    out = io.BytesIO()
    exif = Image.Exif()
    if turned:
        exif[0x0112] = 6  # the camera was held upright
    Image.new(more.pop("mode", "RGB"), size, "white").save(out, kind, exif=exif.tobytes(), **more)
    return SimpleUploadedFile(f"หน้า.{kind.lower()}", out.getvalue())


def test_pages_are_upright_in_their_order_and_of_moderate_size() -> None:
    import pillow_heif

    pillow_heif.register_heif_opener()
    photos = [photo((4000, 3000), turned=True), photo((300, 100), "PNG", mode="RGBA"), photo((64, 96), "HEIF")]
    with photographed_pdf(photos, "บันทึก") as made:
        assert made.name == "บันทึก.pdf"
        with pikepdf.open(io.BytesIO(b"".join(made.chunks()))) as document:
            boxes = [[round(float(edge)) for edge in page.MediaBox[2:]] for page in document.pages]
            pictures = [page.Resources.XObject["/P"] for page in document.pages]
            sizes = [(int(p.Width), int(p.Height)) for p in pictures]
            shown = pikepdf.PdfImage(pictures[0]).as_pil_image()
    assert boxes == [[632, 842], [842, 281], [561, 842]]
    assert sizes == [(1800, 2400), (300, 100), (64, 96)]
    assert shown.size == (1800, 2400)


def test_what_is_no_picture_is_named() -> None:
    bad = SimpleUploadedFile("ไม่ใช่ภาพ.jpg", b"%PDF-1.4 no")
    with pytest.raises(EvidenceRefused, match=r"ไม่ใช่ภาพ\.jpg"), photographed_pdf([photo((9, 9)), bad], "x"):
        pass
    with pytest.raises(EvidenceRefused, match="40"), photographed_pdf([photo((9, 9))] * 41, "x"):
        pass


def test_a_pdf_that_nothing_has_to_be_mended_in() -> None:
    out = io.BytesIO()
    jpeg = photo((20, 10)).read()
    assert write_photo_pdf(out, [(jpeg, 20, 10)] * 3) == 3
    with pikepdf.open(io.BytesIO(out.getvalue())) as document:
        assert len(document.pages) == 3
        assert document.get_warnings() == []
