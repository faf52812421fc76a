"""A key that lies in a token: its address, and signing with it; with SoftHSM where that and python-pkcs11 are here."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pikepdf
import pytest
from cryptography.hazmat.primitives import serialization
from pyhanko.keys import load_private_key_from_pemder
from pyhanko.sign import signers

from reports.errors import ReportError
from reports.signing import keys
from reports.signing.levels import SignatureLevel
from reports.signing.papers import SignatureWords, sign_pdf
from reports.signing.texts import check_signature, sign_text
from reports.signing.token_address import TokenAddress, is_token_address, read_token_address
from tests.reports.signing.chain import OFFICE, key
from tests.reports.signing.test_levels import chain

__all__ = ["chain"]  # a fixture
ADDRESS = "pkcs11:token=Office%20seal;serial=12;object=seal;id=%01%02?module-path=/usr/lib/p11.so"
SOFTHSM = Path("/usr/lib/softhsm/libsofthsm2.so")


def test_an_address_names_token_and_key() -> None:
    assert is_token_address(ADDRESS)
    assert not is_token_address("/etc/key.pem")
    assert read_token_address(ADDRESS) == TokenAddress("/usr/lib/p11.so", "Office seal", "12", "seal", b"\x01\x02")
    for wrong in ("pkcs11:object=seal", "pkcs11:token=a?module-path=/usr/lib/p11.so", "pkcs11:"):
        with pytest.raises(ValueError, match="the address of the key names"):
            read_token_address(wrong)


class Fault(Exception):
    """What the library of a token raises."""


@pytest.fixture
def token(monkeypatch: pytest.MonkeyPatch, chain: Any, settings: Any) -> SimpleNamespace:
    """A library that knows one token with the office's key; `asked`: with what it was opened; `open`: sessions."""
    found = SimpleNamespace(asked=[], open=0, fault=None)
    secret = load_private_key_from_pemder(settings.SIGNING_KEY, None)

    @contextmanager
    def opened(module: str, *, token_criteria: Any, user_pin: str | None) -> Iterator[str]:
        if found.fault:
            raise Fault(found.fault)
        found.asked.append((module, token_criteria, user_pin))
        found.open += 1
        yield "session"
        found.open -= 1

    def signer(session: str, *, signing_cert: Any, ca_chain: Any, key_label: str, key_id: bytes | None) -> Any:
        assert (session, key_label, key_id) == ("session", "seal", None)
        made = signers.SimpleSigner(signing_cert, secret, None)
        made.cert_registry.register_multiple(ca_chain)
        return made

    library = SimpleNamespace(
        open_pkcs11_session=opened,
        TokenCriteria=lambda label, serial: (label, serial),
        PKCS11Error=Fault,
        PKCS11Signer=signer,
    )
    monkeypatch.setattr(keys, "_library", lambda: library)
    settings.SIGNING_KEY = "pkcs11:token=Office;object=seal?module-path=/usr/lib/p11.so"
    settings.SIGNING_PASSWORD = "1234"
    return found


def blank(path: Path) -> Path:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(path)
    return path


def test_texts_and_papers_are_signed_in_one_session_each(token: SimpleNamespace, tmp_path: Path) -> None:
    check_signature(b"text", sign_text(b"text"))
    sign_pdf(blank(tmp_path / "a.pdf"), SignatureWords("ก", "ข"), level=SignatureLevel.BASIC)
    assert token.asked == [("/usr/lib/p11.so", ("Office", None), "1234")] * 2
    assert token.open == 0


def test_a_token_that_refuses_makes_no_signature(token: SimpleNamespace) -> None:
    token.fault = "CKR_PIN_INCORRECT"
    with pytest.raises(ReportError) as caught:
        sign_text(b"text")
    assert caught.value.reason == "signing"


def test_without_the_library_it_is_said(chain: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SIGNING_KEY = "pkcs11:object=seal?module-path=/usr/lib/p11.so"
    monkeypatch.setitem(sys.modules, "pyhanko.sign.pkcs11", None)
    with pytest.raises(ReportError) as caught:
        sign_text(b"text")
    assert "python-pkcs11" in str(caught.value.__cause__)


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.skipif(not SOFTHSM.exists(), reason="SoftHSM is not installed")
def test_a_real_token(chain: Any, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pkcs11", reason="python-pkcs11 is not installed")
    (tmp_path / "tokens").mkdir()
    (tmp_path / "hsm.conf").write_text(f"directories.tokendir = {tmp_path / 'tokens'}\nobjectstore.backend = file\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(tmp_path / "hsm.conf"))
    secret = key(OFFICE).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "secret.pem").write_bytes(secret)
    for words in (
        ["--init-token", "--free", "--label", "Office", "--so-pin", "9876"],
        ["--import", str(tmp_path / "secret.pem"), "--token", "Office", "--label", "seal", "--id", "A1"],
    ):
        told = {"capture_output": True, "check": True, "env": dict(os.environ)}
        subprocess.run(["softhsm2-util", *words, "--pin", "1234"], **told)
    for part in ("object=seal", "id=%A1"):
        settings.SIGNING_KEY = f"pkcs11:token=Office;{part}?module-path={SOFTHSM}"
        settings.SIGNING_PASSWORD = "1234"
        check_signature(b"text", sign_text(b"text"))
        sign_pdf(blank(tmp_path / "a.pdf"), SignatureWords("ก", "ข"), level=SignatureLevel.BASIC)
    settings.SIGNING_PASSWORD = "9999"
    with pytest.raises(ReportError) as caught:
        sign_text(b"text")
    assert "the token" in str(caught.value.__cause__)
