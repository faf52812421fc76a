"""A made-up chain: an authority, the office's certificate and that of a time stamp, and the authority's own answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

PEM, DER = serialization.Encoding.PEM, serialization.Encoding.DER
ROOT, OFFICE, STAMP = "ผู้ออกใบรับรองทดสอบ", "สำนักงานจังหวัดทดสอบ", "ผู้ประทับเวลาทดสอบ"
USAGES = (
    "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
    "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
)  # fmt: skip


@cache
def key(who: str) -> rsa.RSAPrivateKey:
    """The key of that name; made once for all tests."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def issue(name: str, usages: set[str], *extensions: x509.ExtensionType) -> x509.Certificate:
    """A certificate by the authority, which is the authority's own where it is of that name."""
    now = datetime.now(UTC)
    usage = x509.KeyUsage(**{one: one in usages for one in USAGES})
    built = (
        x509.CertificateBuilder()
        .subject_name(named(name))
        .issuer_name(named(ROOT))
        .public_key(key(name).public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=2))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=name == ROOT, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key(name).public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key(ROOT).public_key()), critical=False)
    )
    for extension in extensions:
        built = built.add_extension(extension, critical=isinstance(extension, x509.ExtendedKeyUsage))
    return built.sign(key(ROOT), hashes.SHA256())


@dataclass
class Chain:
    """The certificates; `lists_at`, `responder_at`: addresses that the office's and the stamp's certificates name."""

    lists_at: str = ""
    responder_at: str = ""
    root: x509.Certificate = field(init=False)
    office: x509.Certificate = field(init=False)
    stamp: x509.Certificate = field(init=False)

    def __post_init__(self) -> None:
        more: list[x509.ExtensionType] = []
        if self.lists_at:
            where = [x509.UniformResourceIdentifier(self.lists_at)]
            more.append(x509.CRLDistributionPoints([x509.DistributionPoint(where, None, None, None)]))
        if self.responder_at:
            where_asked = x509.UniformResourceIdentifier(self.responder_at)
            access = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, where_asked)
            more.append(x509.AuthorityInformationAccess([access]))
        self.root = issue(ROOT, {"key_cert_sign", "crl_sign", "digital_signature"})
        self.office = issue(OFFICE, {"digital_signature", "content_commitment"}, *more)
        stamping = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        self.stamp = issue(STAMP, {"digital_signature"}, stamping, *more)

    def write(self, folder: Path) -> None:
        """All of it as files: office.key, office.pem (with its issuer), root.pem, stamp.key, stamp.pem, root.crl."""
        plain = serialization.NoEncryption()
        for name, who in (("office.key", OFFICE), ("stamp.key", STAMP)):
            secret = key(who).private_bytes(PEM, serialization.PrivateFormat.PKCS8, plain)
            (folder / name).write_bytes(secret)
        (folder / "office.pem").write_bytes(self.office.public_bytes(PEM) + self.root.public_bytes(PEM))
        (folder / "stamp.pem").write_bytes(self.stamp.public_bytes(PEM))
        (folder / "root.pem").write_bytes(self.root.public_bytes(PEM))
        (folder / "root.crl").write_bytes(self.revoked())

    def revoked(self, *certificates: x509.Certificate, days: int = 1, encoding: serialization.Encoding = DER) -> bytes:
        """The authority's list of revoked certificates, good for some days from yesterday on."""
        now = datetime.now(UTC)
        yesterday = now - timedelta(days=1)
        built = x509.CertificateRevocationListBuilder().issuer_name(named(ROOT)).last_update(yesterday)
        built = built.next_update(yesterday + timedelta(days=2 * days, hours=1))
        built = built.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(key(ROOT).public_key()), critical=False
        ).add_extension(x509.CRLNumber(1), critical=False)
        for one in certificates:
            entry = x509.RevokedCertificateBuilder().serial_number(one.serial_number).revocation_date(yesterday)
            built = built.add_revoked_certificate(entry.build())
        return built.sign(key(ROOT), hashes.SHA256()).public_bytes(encoding)

    def answer(self, query: bytes) -> bytes:
        """What the authority says when it is asked (OCSP): nothing is revoked."""
        wanted = ocsp.load_der_ocsp_request(query)
        now = datetime.now(UTC)
        about = next(one for one in (self.office, self.stamp) if one.serial_number == wanted.serial_number)
        built = (
            ocsp.OCSPResponseBuilder()
            .add_response(
                about, self.root, hashes.SHA1(), ocsp.OCSPCertStatus.GOOD,
                now - timedelta(minutes=1), now + timedelta(hours=1), None, None,
            )
            .responder_id(ocsp.OCSPResponderEncoding.HASH, self.root)
        )  # fmt: skip
        return built.sign(key(ROOT), hashes.SHA256()).public_bytes(DER)
