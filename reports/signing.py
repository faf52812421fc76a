"""Signing PDFs (PAdES) and texts (CMS) with the installation's own key, where one is set; checking signed texts."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from asn1crypto import cms
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID
from django.conf import settings
from pyhanko.keys import load_certs_from_pemder, load_private_key_from_pemder
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.general import extract_certificate_info, extract_signer_info
from pyhanko.sign.validation.generic_cms import validate_sig_integrity
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


def _installation_signer() -> signers.SimpleSigner:
    """The signer of the key that is set. Raises OSError, ValueError, TypeError."""
    key, cert = settings.SIGNING_KEY, settings.SIGNING_CERT
    changed = (Path(key).stat().st_mtime_ns, Path(cert).stat().st_mtime_ns)  # a renewed certificate counts at once
    return _load_signer(key, cert, settings.SIGNING_PASSWORD, changed)


def sign_pdf(path: Path, *, reason: str, place: str) -> None:
    """Adds a signature to the PDF at `path`, over all of it. Raises ReportError("signing")."""
    try:
        signer = _installation_signer()
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


# -- texts ------------------------------------------------------------------------------------------------


class SignatureFault(Exception):
    """A signature is not of that text, not intact, or not by a certificate that is known."""


def certificate_label() -> str:
    """Name and SHA-256 of the certificate that signs; "no" where none is set. Raises ReportError("signing")."""
    identity = signing_identity()
    if identity is None:
        return "no"
    name = " ".join(identity.name.split())  # one line, no tab
    return f"{name} {known_certificates()[0].fingerprint(hashes.SHA256()).hex()}"


def known_certificates() -> list[x509.Certificate]:
    """The certificates of SIGNING_CERT: the own one, then its issuers and earlier ones of ours. Raises OSError."""
    return x509.load_pem_x509_certificates(Path(settings.SIGNING_CERT).read_bytes()) if settings.SIGNING_CERT else []


def sign_text(content: bytes) -> bytes:
    """A detached signature of the content (CMS, DER). Raises ReportError("signing")."""
    try:
        signed = asyncio.run(_installation_signer().async_sign_general_data(content, DIGEST_ALGORITHM, detached=True))
    except (OSError, ValueError, TypeError) as error:
        raise ReportError("signing") from error
    return bytes(signed.dump())


def check_signature(content: bytes, signature: bytes) -> None:
    """Checks a detached signature, and that a certificate of SIGNING_CERT made it. Raises SignatureFault."""
    try:
        signer = check_signed_data(cms.ContentInfo.load(signature)["content"], content, "data")
        known = known_certificates()
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise SignatureFault(f"the signature cannot be read: {error}") from error
    if not any(signer == one or _is_issued_by(signer, one) for one in known):
        raise SignatureFault("the signature is by a certificate that SIGNING_CERT does not know")


def _is_issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def check_signed_data(signed: cms.SignedData, content: bytes, content_type: str) -> x509.Certificate:
    """The certificate that signed; not yet whether it is to be trusted. Raises SignatureFault, ValueError."""
    signer_info = extract_signer_info(signed)
    certificate = extract_certificate_info(signed).signer_cert
    algorithm = signer_info["digest_algorithm"]["algorithm"].native
    digest = hashlib.new(algorithm, content).digest()
    intact, valid = validate_sig_integrity(signer_info, certificate, content_type, digest)
    if not intact:
        raise SignatureFault("the signature is of another text")
    if not valid:
        raise SignatureFault("the signature does not hold")
    return x509.load_der_x509_certificate(certificate.dump())
