"""The installation's key and certificates: PEM files, or a key that never leaves its token (PKCS#11)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID
from django.conf import settings
from pyhanko.keys import load_certs_from_pemder, load_private_key_from_pemder
from pyhanko.sign import signers
from pyhanko.sign.general import SigningError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from reports.errors import ReportError
from reports.signing.token_address import TokenAddress, is_token_address, read_token_address

KEY_FAULTS: tuple[type[Exception], ...] = (OSError, ValueError, TypeError, SigningError)
"""What goes wrong with keys and certificates."""


class TokenFault(OSError):
    """The token that holds the key does not do what is asked."""


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
        certificate = known_certificates()[0]
    except (OSError, ValueError, IndexError) as error:
        raise ReportError("signing") from error
    return SigningIdentity(_common_name(certificate.subject), _common_name(certificate.issuer))


def _common_name(name: x509.Name) -> str:
    attributes = name.get_attributes_for_oid(NameOID.COMMON_NAME) or name.get_attributes_for_oid(
        NameOID.ORGANIZATION_NAME
    )
    return str(attributes[0].value) if attributes else name.rfc4514_string()


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


@contextmanager
def installation_signer() -> Iterator[signers.Signer]:
    """The signer of the key that is set, while its token is open. Raises what is in KEY_FAULTS."""
    key, cert = settings.SIGNING_KEY, settings.SIGNING_CERT
    if is_token_address(key):
        with _open_token(read_token_address(key), settings.SIGNING_PASSWORD) as session:
            yield _token_signer(session, read_token_address(key), cert)
        return
    changed = (Path(key).stat().st_mtime_ns, Path(cert).stat().st_mtime_ns)  # a renewed certificate counts at once
    yield _load_signer(key, cert, settings.SIGNING_PASSWORD, changed)


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


# -- tokens -----------------------------------------------------------------------------------------------


def _library() -> Any:
    """pyHanko's part for tokens. Raises TokenFault where python-pkcs11 is not installed."""
    try:
        from pyhanko.sign import pkcs11  # needs python-pkcs11, which most installations do without
    except ImportError as error:
        raise TokenFault("a key in a token needs the package python-pkcs11") from error
    return pkcs11


@contextmanager
def _open_token(address: TokenAddress, pin: str) -> Iterator[Any]:
    """A session with the token, signed in with the PIN. Raises TokenFault."""
    library = _library()
    wanted = library.TokenCriteria(
        label=address.token or None, serial=address.serial.encode() if address.serial else None
    )
    try:
        with library.open_pkcs11_session(
            address.module, token_criteria=wanted if address.token or address.serial else None, user_pin=pin or None
        ) as session:
            yield session
    except library.PKCS11Error as error:
        raise TokenFault(f"the token: {type(error).__name__} {error}") from error


def _token_signer(session: Any, address: TokenAddress, cert: str) -> signers.Signer:
    """The signer of a key in an open token; the certificates come from SIGNING_CERT as for a key in a file."""
    own_certificate, *issuers = load_certs_from_pemder([cert])
    return _library().PKCS11Signer(
        session,
        signing_cert=own_certificate,
        ca_chain=issuers,
        key_label=address.label or None,
        key_id=address.key_id or None,
    )
