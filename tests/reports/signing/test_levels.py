"""The levels of a signature: what is in the paper, that it is checked without any network, and what is done without."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from asn1crypto import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import DocumentSecurityStore, async_validate_pdf_signature

from reports.errors import ReportError
from reports.signing.levels import LevelUnavailable, SignatureLevel
from reports.signing.papers import SignatureWords, sign_pdf
from tests.reports.signing.authority import Authority, serving
from tests.reports.signing.chain import Chain

WORDS = SignatureWords("เหตุผล", "จังหวัด")
LONG, TIMED, BASIC = SignatureLevel.LONG_TERM, SignatureLevel.TIMED, SignatureLevel.BASIC


@pytest.fixture
def chain(settings: Any, tmp_path: Path) -> Chain:
    """A key with its certificate is set, and a list that nothing is revoked."""
    return use(Chain(), settings, tmp_path)


def use(chain: Chain, settings: Any, folder: Path) -> Chain:
    chain.write(folder)
    settings.SIGNING_KEY, settings.SIGNING_CERT = str(folder / "office.key"), str(folder / "office.pem")
    settings.SIGNING_CRLS = [str(folder / "root.crl")]
    return chain


@pytest.fixture
def stamps(chain: Chain, settings: Any, tmp_path: Path) -> Any:
    """A time stamping authority of that chain."""
    with serving(Authority(tmp_path / "stamp.key", tmp_path / "stamp.pem")) as authority:
        settings.TIMESTAMP_URL = authority.url
        yield authority


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(tmp_path / "paper.pdf")
    return tmp_path / "paper.pdf"


def holds(path: Path, chain: Chain) -> bool:
    """Whether somebody is satisfied who has nothing but the paper and trust in the authority: no network, no list."""

    async def check() -> Any:
        with path.open("rb") as file:
            reader = PdfFileReader(file)
            (signature,) = reader.embedded_regular_signatures
            root = x509.Certificate.load(chain.root.public_bytes(Encoding.DER))
            given = {"trust_roots": [root], "allow_fetching": False, "revocation_mode": "require"}
            proof = DocumentSecurityStore.read_dss(reader)
            contexts = [proof.as_validation_context({**given, "retroactive_revinfo": True}) for _ in range(2)]
            return await async_validate_pdf_signature(signature, *contexts)

    status = asyncio.run(check())
    return bool(status.bottom_line and status.timestamp_validity.trusted)


def store(path: Path) -> dict[str, int]:
    """How much proof lies in a paper, by its kind."""
    with pikepdf.open(path) as pdf:
        found = pdf.Root.get("/DSS", {})
        return {str(name): len(found[name]) for name in ("/Certs", "/CRLs", "/OCSPs") if name in found}


def test_long_term_holds_without_any_network(chain: Chain, stamps: Authority, paper: Path) -> None:
    sign_pdf(paper, WORDS, level=LONG)
    assert store(paper)["/CRLs"] == 1
    assert store(paper)["/Certs"] >= 3
    assert holds(paper, chain)
    content = paper.read_bytes()
    place = content.index(b"/MediaBox") + len(b"/MediaBox [ 0 0 6")  # a digit of a width
    paper.write_bytes(content[:place] + b"9" + content[place + 1 :])
    assert not holds(paper, chain)


def test_timed_has_a_stamp_and_no_proof(chain: Chain, stamps: Authority, paper: Path) -> None:
    sign_pdf(paper, WORDS, level=TIMED)
    assert store(paper) == {}
    with paper.open("rb") as file:
        (signature,) = PdfFileReader(file).embedded_signatures
        kinds = [attribute["type"].native for attribute in signature.signer_info["unsigned_attrs"]]
    assert kinds == ["signature_time_stamp_token"]


@pytest.mark.parametrize("case", ["none", "outdated", "revoked", "nonsense", "missing", "another"])
def test_without_proof_there_is_no_long_term(
    case: str, chain: Chain, stamps: Authority, paper: Path, settings: Any, tmp_path: Path
) -> None:
    lists = tmp_path / "root.crl"
    if case == "none":
        settings.SIGNING_CRLS = []
    elif case == "missing":
        lists.unlink()
    elif case == "another":
        settings.SIGNING_TRUST = settings.SIGNING_CERT = str(tmp_path / "root.pem")
    else:
        contents = {
            "outdated": chain.revoked(days=0),
            "revoked": chain.revoked(chain.office),
            "nonsense": b"nonsense",
        }
        lists.write_bytes(contents[case])
    before = paper.read_bytes()
    with pytest.raises(ReportError if case == "another" else LevelUnavailable) as caught:
        sign_pdf(paper, WORDS, level=LONG)
    if isinstance(caught.value, LevelUnavailable):
        assert caught.value.next_best is TIMED
    assert paper.read_bytes() == before


def test_a_list_may_be_pem_and_lie_in_a_folder(
    chain: Chain, stamps: Authority, paper: Path, settings: Any, tmp_path: Path
) -> None:
    folder = tmp_path / "lists"
    folder.mkdir()
    (folder / "a.pem").write_bytes(chain.revoked(encoding=Encoding.PEM))
    settings.SIGNING_CRLS = [str(folder)]
    sign_pdf(paper, WORDS, level=LONG)
    assert holds(paper, chain)


def test_an_authority_that_is_away_or_wrong_leaves_the_basic_level(
    chain: Chain, stamps: Authority, paper: Path, settings: Any
) -> None:
    stamps.spoil = True
    with pytest.raises(LevelUnavailable) as caught:
        sign_pdf(paper, WORDS, level=TIMED)
    assert caught.value.next_best is BASIC
    settings.TIMESTAMP_URL = ""
    with pytest.raises(LevelUnavailable):
        sign_pdf(paper, WORDS, level=LONG)
    sign_pdf(paper, WORDS, level=BASIC)
    assert store(paper) == {}


@pytest.mark.parametrize("way", ["list", "responder"])
def test_proof_is_fetched_only_from_hosts_that_the_settings_name(
    way: str, settings: Any, tmp_path: Path, paper: Path
) -> None:
    asked: list[str] = []
    holder: list[Chain] = []

    def answer(path: str, body: bytes) -> bytes:
        asked.append(path)
        return holder[0].answer(body) if path == "/responder" else holder[0].revoked()

    with serving(answer) as web:
        at = f"{web.url}{way}"
        chain = use(Chain(**{"lists_at" if way == "list" else "responder_at": at}), settings, tmp_path)
        holder.append(chain)
        settings.SIGNING_CRLS = []
        with serving(Authority(tmp_path / "stamp.key", tmp_path / "stamp.pem")) as stamps:
            settings.TIMESTAMP_URL = stamps.url
            settings.SIGNING_FETCH = ["example.org"]
            with pytest.raises(LevelUnavailable):
                sign_pdf(paper, WORDS, level=LONG)
            assert asked == []
            settings.SIGNING_FETCH = ["127.0.0.1"]
            sign_pdf(paper, WORDS, level=LONG)
    assert set(asked) == {f"/{way}"}
    assert store(paper)["/CRLs" if way == "list" else "/OCSPs"] >= 1
    assert holds(paper, chain)


def test_asking_about_revocation_ends_in_time(settings: Any, tmp_path: Path, paper: Path) -> None:
    with serving(lambda path, body: b"x" * 2000, pause=0.2) as web:
        use(Chain(lists_at=f"{web.url}list"), settings, tmp_path)
        settings.SIGNING_CRLS, settings.SIGNING_FETCH, settings.REVOCATION_SECONDS = [], ["127.0.0.1"], 0.5
        with serving(Authority(tmp_path / "stamp.key", tmp_path / "stamp.pem")) as stamps:
            settings.TIMESTAMP_URL = stamps.url
            with pytest.raises(LevelUnavailable, match="no proof"):
                sign_pdf(paper, WORDS, level=LONG)
