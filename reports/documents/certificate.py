"""The approval certificate: one page, its code for the public page that verifies it, and the signature."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import segno
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from reports import signing
from reports.content.certificate import Certificate
from reports.documents.render import write_pdf
from scoring.scheme.registry import get_level_names

TEMPLATE = "reports/documents/certificate.html"


def certificate_html(certificate: Certificate) -> str:
    """The document as HTML."""
    with translation.override(certificate.language):
        names = get_level_names()
        level = names[certificate.level].short.to(certificate.language) if certificate.level in names else ""
        context = {"certificate": certificate, "level_name": level, "code": qr_code_svg(certificate.address)}
        return render_to_string(TEMPLATE, context)


def qr_code_svg(address: str) -> SafeString:
    """The QR code of an address as SVG."""
    qr_code = segno.make(address, error="m", micro=False)
    # segno draws it from our own address; it holds nothing that a person typed.
    return mark_safe(qr_code.svg_inline(border=2, omitsize=True, title=_("รหัส QR ของหน้าตรวจสอบ")))


def write_certificate_pdf(
    certificate: Certificate, path: Path, progress: Callable[[int, int], None] = lambda done, total: None
) -> None:
    """Writes the PDF to `path`, signed where the installation has a key. Raises ReportError."""
    progress(20, 100)
    write_pdf(certificate_html(certificate), path, drawn=lambda: progress(80, 100))
    if certificate.signer is not None:
        with translation.override(certificate.language):
            reason = _("รับรองการอนุมัติคำตอบ")
        signing.sign_pdf(path, reason=f"{reason} {certificate.year}", place=certificate.province)
    progress(95, 100)
