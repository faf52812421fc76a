"""Signing texts (CMS, detached) with the installation's key, and checking signed texts."""

from __future__ import annotations

import asyncio
import hashlib

from asn1crypto import cms
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from pyhanko.sign.general import extract_certificate_info, extract_signer_info
from pyhanko.sign.validation.generic_cms import validate_sig_integrity

from reports.errors import ReportError
from reports.signing.keys import KEY_FAULTS, installation_signer, known_certificates

DIGEST_ALGORITHM = "sha256"


class SignatureFault(Exception):
    """A signature is not of that text, not intact, or not by a certificate that is known."""


def sign_text(content: bytes) -> bytes:
    """A detached signature of the content (CMS, DER). Raises ReportError("signing")."""
    try:
        with installation_signer() as signer:
            signed = asyncio.run(signer.async_sign_general_data(content, DIGEST_ALGORITHM, detached=True))
    except KEY_FAULTS as error:
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
