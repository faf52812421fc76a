"""Putting an evidence binder together: its parts in order, a stamp on each page, bookmarks, links inside. PURE.

The plan is JSON: `parts` (path, first, pages, label, end, own), `outline` (title, page, inside), `targets` (address of
a link → page), `title`, `language`, and `font` (path of a TrueType file, its measures, characters → glyph and width).
"""

from __future__ import annotations

import json
import resource
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO, Final

import pikepdf

from dgready.guard.readers.binder_layout import strip_height
from dgready.guard.readers.pdfs import STREAM

_MOST_FILES: Final = 8192  # open at once: each part stays open until the whole is written
_GREY: Final = "0.33 0.36 0.44"


def bind(file: BinaryIO, target: str) -> dict[str, Any]:
    """Writes the binder that the plan describes to `target`; how many pages it has."""
    plan = json.load(file)
    _allow_open_files()
    pikepdf.settings.set_qpdf_limits(flate_max_memory=STREAM, png_max_memory=STREAM, tiff_max_memory=STREAM)
    with ExitStack() as stack, pikepdf.new() as out:
        font = _embed_font(out, plan["font"])
        whole = sum(part["pages"] for part in plan["parts"])
        own: list[int] = []
        opened: dict[str, pikepdf.Pdf] = {}
        for part in plan["parts"]:
            if part["path"] not in opened:
                # By a stream: mapped into memory, all files together would be larger than this process may have.
                source = pikepdf.open(part["path"], access_mode=pikepdf.AccessMode.stream)
                opened[part["path"]] = stack.enter_context(source)
            first = len(out.pages)
            out.pages.extend(opened[part["path"]].pages[part["first"] : part["first"] + part["pages"]])
            if len(out.pages) != first + part["pages"]:
                raise ValueError(f"{part['path']} has not the pages of the plan")
            if part["own"]:
                own += range(first, first + part["pages"])
            for number in range(part["pages"]):
                words = {"page": number + 1, "pages": part["pages"], "n": first + number + 1, "all": whole}
                _stamp(out, out.pages[first + number], part["label"].format(**words), part["end"].format(**words), font)
        for number in own:
            _lead_inside(out, out.pages[number], plan["targets"])
        _outline(out, plan["outline"])
        _describe(out, plan["title"], plan["language"])
        out.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
        return {"pages": len(out.pages)}


def _allow_open_files() -> None:
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = _MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, _MOST_FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


class _Font:
    """The font of the stamps: its object in the PDF, and how its characters are written."""

    def __init__(self, pdf: pikepdf.Object, glyphs: Mapping[str, Sequence[int]]) -> None:
        self.pdf, self.glyphs = pdf, glyphs

    def encode(self, text: str) -> str:
        """The text as the hexadecimal string of a content stream."""
        return "".join(f"{self.glyphs[c][0]:04x}" for c in text if c in self.glyphs)

    def width(self, text: str) -> float:
        """How wide it is at one point."""
        return sum(self.glyphs[c][1] for c in text if c in self.glyphs) / 1000


def _embed_font(out: pikepdf.Pdf, font: Mapping[str, Any]) -> _Font:
    glyphs: dict[str, list[int]] = font["glyphs"]
    name = pikepdf.Name("/DGRDAY+Sarabun-Stamp")
    descriptor = pikepdf.Dictionary(
        Type=pikepdf.Name.FontDescriptor,
        FontName=name,
        Flags=4,
        FontBBox=font["box"],
        ItalicAngle=0,
        Ascent=font["ascent"],
        Descent=font["descent"],
        CapHeight=font["ascent"],
        StemV=80,
        FontFile2=out.make_stream(Path(font["path"]).read_bytes()),
    )
    by_glyph = sorted((glyph, width) for glyph, width in glyphs.values())
    widths = pikepdf.Array()
    for glyph, width in by_glyph:
        widths.append(glyph)
        widths.append(pikepdf.Array([width]))
    inner = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.CIDFontType2,
        BaseFont=name,
        CIDSystemInfo=pikepdf.Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
        FontDescriptor=out.make_indirect(descriptor),
        W=widths,
        CIDToGIDMap=pikepdf.Name.Identity,
    )
    outer = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type0,
        BaseFont=name,
        Encoding=pikepdf.Name("/Identity-H"),
        DescendantFonts=[out.make_indirect(inner)],
        ToUnicode=out.make_stream(_to_unicode(glyphs)),
    )
    return _Font(out.make_indirect(outer), glyphs)


def _to_unicode(glyphs: Mapping[str, Sequence[int]]) -> bytes:
    lines = [f"<{glyph:04x}> <{ord(character):04x}>" for character, (glyph, _width) in sorted(glyphs.items())]
    sections = [lines[at : at + 100] for at in range(0, len(lines), 100)]
    body = "\n".join(f"{len(some)} beginbfchar\n" + "\n".join(some) + "\nendbfchar" for some in sections)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Stamp def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        f"{body}\nendcmap CMapName currentdict /CMap defineresource pop end end"
    ).encode("ascii")


def _stamp(out: pikepdf.Pdf, page: pikepdf.Page, label: str, end: str, font: _Font) -> None:
    """Writes the stamp into the strip below the content: what it is at the left, where in the whole at the right."""
    left, bottom, right, _top = (float(edge) for edge in page.mediabox)
    width = right - left
    strip = strip_height(width)
    margin = 0.04 * width
    whole = font.width(label) + font.width("  ") + font.width(end)
    size = min(0.5 * strip, (width - 2 * margin) / whole) if whole else 0.5 * strip
    base = bottom + 0.33 * strip
    at_end = right - margin - size * font.width(end)
    # The page's own drawing is closed in, so that no change of its graphics reaches the stamp.
    page.contents_add(b"q\n", prepend=True)
    page.contents_add(
        (
            f"\nQ /Artifact BMC q {_GREY} RG 0.4 w {left + margin:.2f} {bottom + strip:.2f} m "
            f"{right - margin:.2f} {bottom + strip:.2f} l S {_GREY} rg BT /DgStamp {size:.3f} Tf "
            f"1 0 0 1 {left + margin:.2f} {base:.2f} Tm <{font.encode(label)}> Tj "
            f"1 0 0 1 {at_end:.2f} {base:.2f} Tm <{font.encode(end)}> Tj ET Q EMC\n"
        ).encode("ascii")
    )
    if "/Resources" not in page.obj:
        page.obj.Resources = pikepdf.Dictionary()
    if "/Font" not in page.obj.Resources:
        page.obj.Resources.Font = pikepdf.Dictionary()
    page.obj.Resources.Font["/DgStamp"] = font.pdf
    for key in ("/StructParents", "/Tabs"):
        if key in page.obj:
            del page.obj[key]


def _lead_inside(out: pikepdf.Pdf, page: pikepdf.Page, targets: Mapping[str, int]) -> None:
    """Links of our own sheets that name a place of the binder lead there."""
    for link in page.obj.get("/Annots", []):
        address = str(link.A.get("/URI", "")) if "/A" in link else ""
        if "/StructParent" in link:
            del link["/StructParent"]
        if address in targets and targets[address] <= len(out.pages):
            del link["/A"]
            link.Dest = pikepdf.Array([out.pages[targets[address] - 1].obj, pikepdf.Name.Fit])


def _outline(out: pikepdf.Pdf, entries: Sequence[Mapping[str, Any]]) -> None:
    with out.open_outline() as outline:
        outline.root.extend(_entry(each) for each in entries)


def _entry(entry: Mapping[str, Any]) -> pikepdf.OutlineItem:
    item = pikepdf.OutlineItem(entry["title"], entry["page"] - 1, "Fit")
    item.is_closed = len(entry["inside"]) > 0 and entry.get("closed", False)
    item.children.extend(_entry(each) for each in entry["inside"])
    return item


def _describe(out: pikepdf.Pdf, title: str, language: str) -> None:
    out.docinfo["/Title"], out.docinfo["/Producer"] = title, "dgready"
    out.Root.Lang = pikepdf.String(language)
    out.Root.PageMode = pikepdf.Name.UseOutlines
    out.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
