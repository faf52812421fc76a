"""Judged by what a reader can see: harmless oddities are taken, and what nobody would see is refused with advice."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from evidence.files.refusal import EvidenceRefused
from evidence.files.sniff import sniff_content
from tests.hostile.files import archive, jpeg, noise, odf, ooxml, pdf, png, restricted_pdf
from tests.hostile.test_sniff import refusal, sniffed

CASES = Path("/work/shared/cases")
OLD_TYPE = '<!DOCTYPE manifest:manifest PUBLIC "-//OpenOffice.org//DTD Manifest 1.0//EN" "Manifest.dtd">'
OLD_MANIFEST = (
    f'<?xml version="1.0"?>{OLD_TYPE}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:'
    '1.0"><manifest:file-entry manifest:media-type="application/vnd.oasis.opendocument.text" '
    'manifest:full-path="/"/></manifest:manifest>'
)
EMPTY_LIBRARIES = (
    '<!DOCTYPE library:libraries PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "libraries.dtd">'
    '<library:libraries xmlns:library="http://openoffice.org/2000/library"/>'
)


def progressive() -> bytes:
    """A JPEG of several scans, with a preview inside."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "x"
    Image.effect_noise((80, 60), 50).save(out, "JPEG", progressive=True, exif=exif)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (png(), "png"),
        (jpeg(), "jpeg"),
        (jpeg(comment=jpeg()), "jpeg"),
        (progressive(), "jpeg"),
        (ooxml("docx"), "docx"),
        (odf("ods"), "ods"),
    ],
    ids=["png", "jpeg", "jpeg with a preview", "progressive", "docx", "ods"],
)
@pytest.mark.parametrize(
    "tail",
    [
        bytes(1),
        bytes(70_000),
        b"\r\n",
        b"MZ program",
        b"\x00camera data" * 50,
        archive({"a.txt": "a"})[4:],
        b"PK\x05\x06",
    ],
    ids=["a zero", "many zeros", "a line", "a program", "of a camera", "an archive", "a record"],
)
def test_what_lies_behind_the_end_is_left_out(content: bytes, kind: str, tail: bytes) -> None:
    found = sniffed(content + tail)
    assert (found["kind"], found["length"], found["active"]) == (kind, len(content), [])
    assert sniffed(content)["length"] is None


def test_an_archive_behind_a_picture_is_cut_off_with_the_rest() -> None:
    assert sniffed(png(after=archive({"a.txt": "a"})))["length"] == len(png())


def test_an_archive_with_a_comment_is_taken_whole() -> None:
    out = io.BytesIO(ooxml("docx"))
    with zipfile.ZipFile(out, "a") as package:
        package.comment = "หมายเหตุ".encode()
    assert sniffed(out.getvalue())["length"] is None
    assert sniffed(out.getvalue() + bytes(9))["length"] == len(out.getvalue())


@pytest.mark.parametrize(
    "content",
    [
        odf("odt", {"META-INF/manifest.xml": OLD_MANIFEST}),
        odf("odt", {"Basic/script-lc.xml": EMPTY_LIBRARIES, "Basic/Standard/script-lb.xml": EMPTY_LIBRARIES}),
        archive({"META-INF/manifest.xml": OLD_MANIFEST, "content.xml": "<content/>"}),
        archive({"content.xml": "<content/>", "mimetype": "application/vnd.oasis.opendocument.text\n"}),
    ],
    ids=["types", "empty libraries", "by the manifest", "the type last"],
)
def test_old_layouts_of_opendocument_are_taken(content: bytes) -> None:
    found = sniffed(content)
    assert (found.get("kind"), found.get("active")) == ("odt", [])


def test_a_pdf_that_everybody_can_open_is_taken_and_noted() -> None:
    assert sniffed(restricted_pdf())["restricted"]
    assert not sniffed(pdf())["restricted"]
    assert refusal(pdf(1, encryption=pikepdf.Encryption(owner="o", user="u"))).reason == "encrypted"


def made(**root: object) -> bytes:
    """A PDF of one page with entries in its catalogue."""
    out = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        for name, value in root.items():
            document.Root[f"/{name}"] = value
        document.save(out)
    return out.getvalue()


def test_a_portfolio_and_a_form_that_asks_for_adobe_are_refused_with_advice() -> None:
    portfolio = refusal(made(Collection=pikepdf.Dictionary(View=pikepdf.Name.T)))
    form = refusal(made(AcroForm=pikepdf.Dictionary(Fields=[], XFA=pikepdf.String("<xdp/>"))))
    assert (portfolio.reason, form.reason) == ("portfolio", "xfa")
    assert "พิมพ์เป็น PDF" in str(portfolio)
    assert "พิมพ์เป็น PDF" in str(form)
    plain = made(AcroForm=pikepdf.Dictionary(Fields=[]))
    assert sniffed(plain)["kind"] == "pdf"


@pytest.mark.parametrize("cut", [1, 2, 10, 60], ids=str)
@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("tail", [b"", bytes(300)], ids=["", "zeros"])
def test_a_picture_that_a_messenger_cut_is_taken_when_it_can_be_seen(cut: int, progressive: bool, tail: bytes) -> None:
    content = noise("JPEG", progressive=progressive)
    found = sniffed(content[:-cut] + tail)
    assert (found.get("kind"), found.get("pages")) == ("jpeg", 1)


def test_a_grey_picture_without_an_end_is_not_taken_for_a_missing_one() -> None:
    assert sniffed(jpeg()[:-2])["kind"] == "jpeg"


@pytest.mark.parametrize("share", [0.8, 0.5, 0.3])
def test_a_picture_of_which_a_part_cannot_be_seen_is_refused(share: float) -> None:
    for form in ("JPEG", "PNG"):
        content = noise(form)
        assert refusal(content[: int(len(content) * share)]).reason == "broken"
        assert sniffed(content)["kind"] == form.lower()


@pytest.mark.parametrize("cut", [4, 12, 16])
def test_a_png_without_its_last_bytes_is_taken(cut: int) -> None:
    assert sniffed(noise("PNG")[:-cut])["kind"] == "png"


@pytest.mark.parametrize(
    "before",
    [b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n", bytes(128), b"\x01\x02\xfe" * 300],
    ids=["a web server's", "zeros", "noise"],
)
@pytest.mark.parametrize("after", [b"", b"\r\n--boundary--\r\n", bytes(70_000), b"<html>wifi</html>" * 200])
def test_a_pdf_with_something_before_and_behind_it_is_taken(before: bytes, after: bytes) -> None:
    found = sniffed(before + pdf(2) + after)
    assert (found.get("kind"), found.get("pages")) == ("pdf", 2)


@pytest.mark.parametrize(
    "before", [b"MZ" + bytes(60), b"#!/bin/sh\n", b"<html><script>x</script>", b"\x7fELF" + bytes(60), b"text " * 250]
)
def test_a_pdf_behind_something_else_is_not(before: bytes) -> None:
    assert refusal(before + pdf()).reason == "kind"


@pytest.mark.skipif(not CASES.is_dir(), reason="the shared cases are not on this machine")
@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("owner-only.pdf", "taken"),
        ("tail-nul.docx", "taken"),
        ("lo-basic.odt", "taken"),
        ("acropalypse.png", "taken"),
        ("portfolio.pdf", "portfolio"),
        ("xfa.pdf", "xfa"),
    ],
)
def test_the_shared_cases(name: str, right: str) -> None:
    if right == "taken":
        assert sniff_content(CASES / name)
        return
    with pytest.raises(EvidenceRefused) as caught:
        sniff_content(CASES / name)
    assert caught.value.reason == right
