"""The approval certificate: what it says, its code, and its signature."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import segno
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from django.conf import settings as django_settings
from django.urls import reverse
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from reports.content.certificate import gather_certificate
from reports.documents.paper import qr_code_svg
from reports.errors import ReportError
from reports.jobs import makers
from reports.models import ReportKind
from survey.approval import actions as workflow
from survey.models import FrozenResponse
from tests.committee import endorsed, make_delegation, today
from tests.flow import Flow, outside
from tests.reports.conftest import fresh, make_job, read_back, squeezed

CA, LEAF = "ผู้ออกใบรับรองทดสอบ", "สำนักงานจังหวัดทดสอบ"


def issue(subject: str, key: rsa.RSAPrivateKey, by: tuple[str, rsa.RSAPrivateKey], authority: bool) -> x509.Certificate:
    """A certificate of the test's own authority."""
    name, signer = by
    now = datetime.now(UTC)
    usage = dict.fromkeys(("data_encipherment", "key_agreement", "encipher_only", "decipher_only"), False)
    usage |= {"key_encipherment": False, "digital_signature": True, "content_commitment": not authority}
    built = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(key_cert_sign=authority, crl_sign=authority, **usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
    return built.sign(signer, hashes.SHA256())


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """Key, certificate with its issuer, and the issuer's certificate alone, as PEM files."""
    folder = tmp_path_factory.mktemp("authority")
    root, leaf = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
    top = issue(CA, root, (CA, root), authority=True)
    own = issue(LEAF, leaf, (CA, root), authority=False)
    pem = serialization.Encoding.PEM
    secret = leaf.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    files = folder / "key.pem", folder / "cert.pem", folder / "ca.pem"
    contents = secret, own.public_bytes(pem) + top.public_bytes(pem), top.public_bytes(pem)
    for path, content in zip(files, contents, strict=True):
        path.write_bytes(content)
    return files


@pytest.fixture
def signing(settings: Any, authority: tuple[Path, Path, Path]) -> Path:
    """A key and certificate are set; the authority's certificate."""
    settings.SIGNING_KEY, settings.SIGNING_CERT = str(authority[0]), str(authority[1])
    return authority[2]


def made(flow: Flow, folder: Path) -> Path:
    """The certificate of an approved answer, made as a job makes it."""
    job = make_job(flow, ReportKind.CERTIFICATE)
    job.response = fresh(flow.response)
    name = makers.make_job_file(job, folder / "file", lambda done, total: None)
    assert name == f"dgready-{flow.province.code}-{flow.round.year}-v1-certificate.pdf"
    return folder / "file"


def test_it_says_what_was_approved(flow: Flow, tmp_path: Path) -> None:
    endorsed(flow.secretariat, flow.round, today(1))
    version = flow.approve()
    text = squeezed(read_back(made(flow, tmp_path)))
    for words in (version.sha256, flow.governor.get_full_name(), str(version.public_id), "หนังสือรับรองการอนุมัติ"):
        assert squeezed(words) in text, words
    assert squeezed("ไม่มี เพราะระบบนี้ไม่ได้ตั้งใบรับรองไว้") in text
    assert squeezed("คณะกรรมการ PCIO เห็นชอบ") in text
    assert squeezed("อนุมัติแทน") not in text


def test_its_code_is_the_address_of_the_public_page(flow: Flow) -> None:
    version = flow.approve()
    found = gather_certificate(fresh(flow.response))
    assert found.approval.address == django_settings.PUBLIC_URL + reverse("survey:verify", args=[version.public_id])
    assert qr_code_svg(found.approval.address).count("<path") == 1
    assert segno.make(found.approval.address, error="m", micro=False).error == "M"


def test_the_signature_holds_over_the_whole_file(flow: Flow, tmp_path: Path, signing: Path) -> None:
    flow.approve()
    path = made(flow, tmp_path)
    status = signature_of(path, signing)
    assert status.intact
    assert status.valid
    assert status.trusted
    assert status.coverage.name == "ENTIRE_FILE"
    text = squeezed(read_back(path))
    assert squeezed(LEAF) in text
    assert squeezed(CA) in text


def signature_of(path: Path, authority: Path) -> Any:
    """What holds of the signature of a certificate, for somebody who trusts the authority."""
    from pyhanko.keys import load_cert_from_pemder

    with path.open("rb") as file:
        signature = PdfFileReader(file).embedded_signatures[0]
        assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
        context = ValidationContext(trust_roots=[load_cert_from_pemder(str(authority))])
        return validate_pdf_signature(signature, context)


def test_a_changed_byte_breaks_the_signature(flow: Flow, tmp_path: Path, signing: Path) -> None:
    flow.approve()
    path = made(flow, tmp_path)
    content = path.read_bytes()
    place = content.index(b"/Location")
    path.write_bytes(content[:place] + b"/LocatioN" + content[place + 9 :])
    assert not signature_of(path, signing).intact


@pytest.mark.parametrize("broken", ["key", "cert", "missing", "another"])
def test_a_key_that_cannot_be_used_makes_no_certificate(
    broken: str, flow: Flow, tmp_path: Path, signing: Path, settings: Any
) -> None:
    flow.approve()
    (tmp_path / "nonsense.pem").write_text("nonsense")
    if broken == "key":
        settings.SIGNING_KEY = str(tmp_path / "nonsense.pem")
    elif broken == "cert":
        settings.SIGNING_CERT = str(tmp_path / "nonsense.pem")
    elif broken == "another":
        settings.SIGNING_CERT = str(signing)
    else:
        settings.SIGNING_KEY = str(tmp_path / "missing.pem")
    with pytest.raises(ReportError) as caught:
        made(flow, tmp_path)
    assert caught.value.reason == "signing"


def test_a_delegate_approves_in_the_governors_place(flow: Flow, tmp_path: Path) -> None:
    delegation = make_delegation(flow.people, tmp_path)
    flow.submit()
    delegation.delegate.forget_grants()
    workflow.approve_response(by=delegation.delegate, response=flow.response, compose=outside)
    text = squeezed(read_back(made(flow, tmp_path)))
    assert squeezed("อนุมัติแทนผู้ว่าราชการจังหวัด ตามคำสั่งเลขที่ 123/2568") in text
    assert squeezed(delegation.delegate.get_full_name()) in text


def test_nothing_to_certify(flow: Flow) -> None:
    with pytest.raises(ReportError) as caught:
        gather_certificate(fresh(flow.response))
    assert caught.value.reason == "unapproved"
    version = flow.approve()
    workflow.reopen_response(by=flow.governor, response=flow.response, reason="แก้ไข")
    with pytest.raises(ReportError):
        gather_certificate(fresh(flow.response))
    assert FrozenResponse.objects.filter(pk=version.pk).exists()


def test_a_damaged_version_is_not_certified(flow: Flow) -> None:
    version = flow.approve()
    FrozenResponse.objects.filter(pk=version.pk).update(content=version.content.replace("T8", "T9"))
    with pytest.raises(ReportError) as caught:
        gather_certificate(fresh(flow.response))
    assert caught.value.reason == "frozen"
