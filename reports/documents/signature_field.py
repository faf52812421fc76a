"""The visible signature: its place on the first page, and what is drawn there."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pikepdf
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from dgready.thai import format_datetime
from reports.content.certificate import Certificate
from reports.documents.render import lay_out, save_pdf
from reports.signing.levels import SignatureLevel
from reports.signing.papers import SignatureWords

TEMPLATE: Final = "reports/documents/signature_box.html"
POINTS: Final = 72 / 25.4  # to a millimetre
LEFT, BOTTOM, WIDTH, HEIGHT = 20, 24, 172, 25  # millimetres; print.css leaves the room (`signed`, `signature-box`)
PRINTED, LOCKED = 1 << 2, 1 << 7
SIGNATURES_EXIST, APPEND_ONLY = 1, 2


def write_signature_box(certificate: Certificate, level: SignatureLevel, words: SignatureWords, path: Path) -> str:
    """Writes what is drawn in the signature field as a PDF of one page; the same in a sentence, to be read aloud."""
    signer = certificate.signer
    assert signer is not None
    with translation.override(certificate.language):
        at = format_datetime(timezone.localtime(), certificate.language)
        context = {"certificate": certificate, "signer": signer, "at": at, "level": level, "words": words}
        html = render_to_string(TEMPLATE, context)
        spoken = _("ลายมือชื่ออิเล็กทรอนิกส์ของ %(name)s ลงเมื่อ %(at)s") % {"name": signer.name, "at": at}
    save_pdf(lay_out(html, variant=None), path, variant=None)
    return spoken


def add_signature_field(path: Path, name: str, spoken: str) -> None:
    """Adds an empty signature field to the first page, with its element in the structure of the document."""
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        page = pdf.pages[0].obj
        edges = (LEFT, BOTTOM, LEFT + WIDTH, BOTTOM + HEIGHT)
        field = pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.Widget,
                FT=pikepdf.Name.Sig,
                T=pikepdf.String(name),
                TU=pikepdf.String(spoken),
                Contents=pikepdf.String(spoken),
                F=PRINTED | LOCKED,
                Rect=[round(edge * POINTS, 2) for edge in edges],
                P=page,
            )
        )
        page.Annots = pdf.make_indirect(pikepdf.Array([*page.get("/Annots", []), field]))
        page.Tabs = pikepdf.Name.S
        _put_into_structure(pdf, page, field)
        pdf.Root.AcroForm = pdf.make_indirect(
            pikepdf.Dictionary(Fields=[field], SigFlags=SIGNATURES_EXIST | APPEND_ONLY)
        )
        pdf.save(path, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def _put_into_structure(pdf: pikepdf.Pdf, page: Any, field: Any) -> None:
    """A form element at the end of the document, as PDF/UA wants it for each field."""
    root = pdf.Root.StructTreeRoot
    parent = root.K if isinstance(root.K, pikepdf.Dictionary) else root.K[0]
    reference = pikepdf.Dictionary(Type=pikepdf.Name.OBJR, Obj=field, Pg=page)
    element = pdf.make_indirect(
        pikepdf.Dictionary(Type=pikepdf.Name.StructElem, S=pikepdf.Name.Form, P=parent, K=reference, Pg=page)
    )
    below = parent.get("/K", pikepdf.Array())
    parent.K = pikepdf.Array([*(below if isinstance(below, pikepdf.Array) else [below]), element])
    entries = root.ParentTree.Nums
    key = max((int(entries[at]) for at in range(0, len(entries), 2)), default=-1) + 1
    root.ParentTree.Nums = pikepdf.Array([*entries, key, element])
    field.StructParent = key
    root.ParentTreeNextKey = key + 1
