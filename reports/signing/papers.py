"""Signing papers (PAdES, ETSI EN 319 142-1) at the level that is asked for."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final

from django.conf import settings
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, Margins, SimpleBoxLayoutRule
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError

from reports.errors import ReportError
from reports.signing.keys import KEY_FAULTS, installation_signer
from reports.signing.levels import LevelUnavailable, SignatureLevel
from reports.signing.revocation import validation_context
from reports.signing.texts import DIGEST_ALGORITHM
from reports.signing.timestamps import Authority

SIGNATURE_FIELD: Final = "Approval"
# It warns of each paper that nothing is fetched while signing: all proof is there before.
logging.getLogger("pyhanko.sign.signers.pdf_signer").setLevel(logging.ERROR)


class _PaperWriter(IncrementalPdfFileWriter):
    """Adds to a paper and leaves its metadata alone: those of an archive must agree with each other."""

    def _update_meta(self) -> None:
        """Nothing is said anew of title, producer and dates."""


@dataclass(frozen=True, slots=True)
class SignatureWords:
    """What the signature says of itself: why and where."""

    reason: str
    place: str


def wanted_level() -> SignatureLevel:
    """The level that the settings ask for."""
    return SignatureLevel(settings.SIGNING_LEVEL)


def sign_pdf(path: Path, words: SignatureWords, *, level: SignatureLevel, appearance: Path | None = None) -> None:
    """Adds a signature to the PDF at `path`, over all of it.

    `appearance`: a PDF of one page, drawn into the signature field where the paper has one. Raises LevelUnavailable,
    and ReportError("signing") where the key or certificate is of no use.
    """
    content = path.read_bytes()
    try:
        with installation_signer() as signer:
            authority = Authority() if level.is_timed else None
            context = None
            if authority is not None:
                context = asyncio.run(_prepare(signer, authority, level))
            signed = _sign(content, words, signer, authority, context, appearance)
    except KEY_FAULTS as error:
        raise ReportError("signing") from error
    path.write_bytes(signed)


async def _prepare(signer: signers.Signer, authority: Authority, level: SignatureLevel) -> ValidationContext | None:
    """A first stamp, so that the authority's certificates are known, and proof about all of them where it is asked for.

    Raises LevelUnavailable before anything is signed.
    """
    try:
        await authority.async_dummy_response(DIGEST_ALGORITHM)
    except OSError as error:
        raise LevelUnavailable(SignatureLevel.BASIC, f"no time stamp: {error}") from error
    if level is not SignatureLevel.LONG_TERM:
        return None
    try:
        context = validation_context([*_certificates(signer), *authority.cert_registry])
        await CertificateValidator(
            signer.signing_cert, intermediate_certs=signer.cert_registry, validation_context=context
        ).async_validate_path()
        async for _path in authority.validation_paths(context):
            pass
    except (OSError, ValueError, PathError, ValidationError) as error:
        raise LevelUnavailable(SignatureLevel.TIMED, f"no proof about revocation: {error}") from error
    return context


def _certificates(signer: signers.Signer) -> Iterator[object]:
    yield signer.signing_cert
    yield from signer.cert_registry


def _sign(
    content: bytes,
    words: SignatureWords,
    signer: signers.Signer,
    authority: Authority | None,
    context: ValidationContext | None,
    appearance: Path | None,
) -> bytes:
    meta = signers.PdfSignatureMetadata(
        field_name=SIGNATURE_FIELD,
        md_algorithm=DIGEST_ALGORITHM,
        subfilter=SigSeedSubFilter.PADES,
        reason=words.reason,
        location=words.place,
        name=signer.subject_name,
        embed_validation_info=context is not None,
        validation_context=context,
        signer_key_usage=set(),  # what a certificate may be used for is for its issuer to say
    )
    style = None
    if appearance is not None:
        middle = AxisAlignment.ALIGN_MID
        whole = SimpleBoxLayoutRule(middle, middle, margins=Margins.uniform(0))
        style = StaticStampStyle.from_pdf_file(str(appearance), border_width=0, background_layout=whole)
    writer = _PaperWriter(BytesIO(content))
    pdf_signer = signers.PdfSigner(meta, signer=signer, timestamper=authority, stamp_style=style)
    try:
        return bytes(pdf_signer.sign_pdf(writer).getvalue())
    except TimestampRequestError as error:
        raise LevelUnavailable(SignatureLevel.BASIC, f"no time stamp: {error}") from error
