"""Rules of PDF/A-3 (ISO 19005-3) that can be read off a file, as veraPDF, which is a Java program, checks them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf

PRINTED, HIDDEN = 1 << 2, 1 << 0 | 1 << 1 | 1 << 5  # invisible, hidden, no view
ACTIONS = {
    "/Launch",
    "/Sound",
    "/Movie",
    "/ResetForm",
    "/ImportData",
    "/JavaScript",
    "/Hide",
    "/SetOCGState",
    "/Rendition",
}
NOTES = {"/Link", "/Widget", "/Text", "/FreeText", "/Highlight", "/Popup"}
BLENDS = {
    "/Normal", "/Compatible", "/Multiply", "/Screen", "/Overlay", "/Darken", "/Lighten", "/ColorDodge", "/ColorBurn",
    "/HardLight", "/SoftLight", "/Difference", "/Exclusion", "/Hue", "/Saturation", "/Color", "/Luminosity",
}  # fmt: skip
INFO = {"/Title": "dc:title", "/Subject": "dc:description", "/Producer": "pdf:Producer", "/Creator": "xmp:CreatorTool"}


def archive_faults(path: Path) -> list[str]:
    """What is wrong with a PDF as an archive; nothing where all rules hold."""
    with pikepdf.open(path) as pdf:
        return [
            *_file_faults(path, pdf),
            *_metadata_faults(pdf),
            *_attachment_faults(pdf),
            *_object_faults(pdf),
            *_page_faults(pdf),
        ]


def _file_faults(path: Path, pdf: pikepdf.Pdf) -> Iterator[str]:
    content = path.read_bytes()
    second = content.splitlines()[1]
    if not content.startswith(b"%PDF-1.") or not second.startswith(b"%") or any(byte < 128 for byte in second[1:5]):
        yield "the file does not begin as a binary PDF 1.x"
    if pdf.is_encrypted:
        yield "encrypted"
    if len(pdf.trailer.get("/ID", [])) != 2:
        yield "no identifier"
    intents = [one for one in pdf.Root.get("/OutputIntents", []) if one.S == "/GTS_PDFA1"]
    if len(intents) != 1 or intents[0].DestOutputProfile.read_bytes()[36:40] != b"acsp":
        yield "no output intent with a colour profile"
    elif intents[0].DestOutputProfile.read_bytes()[16:20] != b"RGB ":
        yield "the colour profile is not of RGB, which the papers use"
    form = pdf.Root.get("/AcroForm", {})
    if "/XFA" in form or form.get("/NeedAppearances"):
        yield "a form that is drawn by the reader"


def _metadata_faults(pdf: pikepdf.Pdf) -> Iterator[str]:
    text = pdf.Root.Metadata.read_bytes().decode()
    with pdf.open_metadata() as meta:
        if (meta.get("pdfaid:part"), meta.get("pdfaid:conformance")) != ("3", "A"):
            yield "does not say that it is PDF/A-3a"
        for name, key in INFO.items():
            if name in pdf.docinfo and str(pdf.docinfo[name]) != str(meta.get(key)):
                yield f"{name} differs from {key}"
    if text.count("<rdf:RDF") != 1:
        yield "the metadata is not one description"
    if "pdfuaid" in text and "<pdfaSchema:prefix>pdfuaid" not in text:
        yield "properties that are not described"


def _attachment_faults(pdf: pikepdf.Pdf) -> Iterator[str]:
    named = pdf.Root.get("/Names", {}).get("/EmbeddedFiles", {}).get("/Names", [])
    keys = [bytes(key) for key in named[::2]]
    if keys != sorted(keys) or len(set(keys)) != len(keys):
        yield "attached files are not in order"
    associated = [one.objgen for one in pdf.Root.get("/AF", [])]
    if sorted(associated) != sorted(one.objgen for one in named[1::2]):
        yield "attached files and associated files are not the same"
    for one in named[1::2]:
        name = str(one.get("/UF", ""))
        if not name or str(one.get("/F", "")) != name:
            yield "an attached file without both its names"
        if str(one.get("/AFRelationship", "")) not in (
            "/Source",
            "/Data",
            "/Alternative",
            "/Supplement",
            "/Unspecified",
        ):
            yield f"{name}: no relationship"
        stream = one.EF.F
        if "/" not in str(stream.get("/Subtype", ""))[1:]:
            yield f"{name}: no media type"
        if "/ModDate" not in stream.get("/Params", {}):
            yield f"{name}: no date"


def _object_faults(pdf: pikepdf.Pdf) -> Iterator[str]:
    for one in pdf.objects:
        if isinstance(one, pikepdf.Stream):
            if "/F" in one or str(one.get("/Filter", "")) == "/LZWDecode":
                yield "a stream outside the file, or packed as is not allowed"
            if one.get("/Subtype") == "/Image" and (one.get("/Interpolate") or "/Alternates" in one):
                yield "an image that readers draw differently"
        if not isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
            continue
        if str(one.get("/S", "")) in ACTIONS or "/JS" in one or "/AA" in one:
            yield "an action that does more than lead somewhere"
        if one.get("/Type") == "/ExtGState" and ("/TR" in one or str(one.get("/BM", "/Normal")) not in BLENDS):
            yield "a state of drawing that is not allowed"
        if one.get("/Type") == "/Font":
            yield from _font_faults(one)


def _font_faults(font: Any) -> Iterator[str]:
    if font.Subtype == "/Type0":
        if "/ToUnicode" not in font:
            yield "a font without its characters"
        descendant = font.DescendantFonts[0]
        if not {"/FontFile2", "/FontFile3"} & set(descendant.FontDescriptor.keys()):
            yield "a font that is not embedded"
        if descendant.Subtype == "/CIDFontType2" and "/CIDToGIDMap" not in descendant:
            yield "a font without its order of glyphs"
    elif font.Subtype not in ("/CIDFontType2", "/CIDFontType0", "/Type3"):
        yield f"a font of another kind: {font.Subtype}"


def _page_faults(pdf: pikepdf.Pdf) -> Iterator[str]:
    for number, page in enumerate(pdf.pages, start=1):
        for note in page.obj.get("/Annots", []):
            flags, area = int(note.get("/F", 0)), [float(edge) for edge in note.Rect]
            empty = area[0] == area[2] and area[1] == area[3]
            if str(note.Subtype) not in NOTES or not flags & PRINTED or flags & HIDDEN:
                yield f"page {number}: a note that is not printed"
            if note.Subtype not in ("/Link", "/Popup") and not empty and "/AP" not in note:
                yield f"page {number}: a note without its looks"
        for operands, operator in pikepdf.parse_content_stream(page):
            if str(operator) in ("k", "K") or (str(operator) in ("cs", "CS") and "/DeviceCMYK" in map(str, operands)):
                yield f"page {number}: colours for a printing press"
            if str(operator) == "ri" and str(operands[0]) not in (
                "/RelativeColorimetric", "/AbsoluteColorimetric", "/Perceptual", "/Saturation",
            ):  # fmt: skip
                yield f"page {number}: an unknown way of matching colours"
