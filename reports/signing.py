"""Signing PDFs (PAdES) with the installation's own key, where one is set."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import NameOID
from django.conf import settings
from pyhanko.keys import load_certs_from_pemder, load_private_key_from_pemder
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

from reports.errors import ReportError

SIGNATURE_FIELD = "Approval"
DIGEST_ALGORITHM = "sha256"


@dataclass(frozen=True, slots=True)
class SigningIdentity:
    """The holder of the signing key and the issuer, as the certificate names them."""

    name: str
    issuer: str


def signing_identity() -> SigningIdentity | None:
    """The name on the certificate, or None where nothing is to be signed. Raises ReportError("signing")."""
    if not settings.SIGNING_CERT:
        return None
    try:
        certificate = x509.load_pem_x509_certificates(Path(settings.SIGNING_CERT).read_bytes())[0]
    except (OSError, ValueError, IndexError) as error:
        raise ReportError("signing") from error
    return SigningIdentity(_common_name(certificate.subject), _common_name(certificate.issuer))


def _common_name(name: x509.Name) -> str:
    attributes = name.get_attributes_for_oid(NameOID.COMMON_NAME) or name.get_attributes_for_oid(
        NameOID.ORGANIZATION_NAME
    )
    return str(attributes[0].value) if attributes else name.rfc4514_string()


@lru_cache(maxsize=2)
def _load_signer(key: str, cert: str, password: str, changed: tuple[int, int]) -> signers.SimpleSigner:
    phrase = password.encode() if password else None
    private_key = serialization.load_pem_private_key(Path(key).read_bytes(), phrase)
    public_key = x509.load_pem_x509_certificates(Path(cert).read_bytes())[0].public_key()
    if private_key.public_key() != public_key:
        raise ValueError("the key is not that of the certificate")
    own_certificate, *issuers = load_certs_from_pemder([cert])
    signing_key = load_private_key_from_pemder(key, passphrase=phrase)
    return signers.SimpleSigner(own_certificate, signing_key, SimpleCertificateStore.from_certs(issuers))


def sign_pdf(path: Path, *, reason: str, place: str) -> None:
    """Adds a signature to the PDF at `path`, over all of it. Raises ReportError("signing")."""
    key, cert = settings.SIGNING_KEY, settings.SIGNING_CERT
    try:
        changed = (Path(key).stat().st_mtime_ns, Path(cert).stat().st_mtime_ns)  # a renewed certificate counts at once
        signer = _load_signer(key, cert, settings.SIGNING_PASSWORD, changed)
        meta = signers.PdfSignatureMetadata(
            field_name=SIGNATURE_FIELD,
            md_algorithm=DIGEST_ALGORITHM,
            subfilter=SigSeedSubFilter.PADES,
            reason=reason,
            location=place,
            name=signer.subject_name,
        )
        writer = IncrementalPdfFileWriter(BytesIO(path.read_bytes()))
        signed = signers.PdfSigner(meta, signer=signer).sign_pdf(writer)
    except (OSError, ValueError, TypeError) as error:
        raise ReportError("signing") from error
    path.write_bytes(signed.getvalue())
