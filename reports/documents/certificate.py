"""The approval certificate: its page, its code for the public page that verifies it, and the signature."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from reports.content.certificate import Certificate, SignatureStanding
from reports.content.imprint import make_imprint
from reports.documents.paper import Progress, no_progress, paper_html, write_paper
from reports.documents.signature_field import add_signature_field, write_signature_box
from reports.errors import AuthorityUnavailable
from reports.signing.levels import LevelUnavailable
from reports.signing.papers import SIGNATURE_FIELD, SignatureWords, sign_pdf, wanted_level
from scoring.scheme.registry import get_level_names

log = logging.getLogger(__name__)
TEMPLATE = "reports/documents/certificate.html"


def certificate_html(certificate: Certificate) -> str:
    """The document as HTML."""
    with translation.override(certificate.language):
        imprint = make_imprint(
            _("หนังสือรับรองการอนุมัติ"),
            subject=certificate.title,
            province=certificate.province,
            year=certificate.year,
            approval=certificate.approval,
            printed_at=certificate.made_at,
            language=certificate.language,
        )
        standing = certificate.signature.text() if certificate.signature else ""
    names = get_level_names()
    level = names[certificate.level].short.to(certificate.language) if certificate.level in names else ""
    return paper_html(TEMPLATE, imprint, {"certificate": certificate, "level_name": level, "standing": standing})


def write_certificate_pdf(
    certificate: Certificate, path: Path, progress: Progress = no_progress
) -> SignatureStanding | None:
    """Writes the PDF to `path`, signed where the installation has a key; how it is signed.

    The paper says its own level, so it is written anew where one is not within reach. Raises ReportError, and
    AuthorityUnavailable where the settings allow no lesser level.
    """
    if certificate.signer is None:
        write_paper(certificate_html(certificate), path, progress)
        return None
    standing = SignatureStanding(wanted_level(), wanted_level())
    while True:
        write_paper(certificate_html(replace(certificate, signature=standing)), path, progress)
        try:
            _sign(certificate, standing, path)
        except LevelUnavailable as fault:
            log.warning("the certificate of %s is not signed at level %s: %s", certificate.name, standing.level, fault)
            if settings.SIGNING_STRICT:
                raise AuthorityUnavailable(str(fault)) from fault
            standing = replace(standing, level=fault.next_best)
        else:
            progress(95, 100)
            return standing


def _sign(certificate: Certificate, standing: SignatureStanding, path: Path) -> None:
    with translation.override(certificate.language):
        reason = f"{_('รับรองการอนุมัติคำตอบ')} {certificate.year}"
    words = SignatureWords(reason, certificate.province)
    with TemporaryDirectory(dir=path.parent) as folder:
        box = Path(folder) / "box.pdf"
        spoken = write_signature_box(certificate, standing.level, words, box)
        add_signature_field(path, SIGNATURE_FIELD, spoken)
        sign_pdf(path, words, level=standing.level, appearance=box)
