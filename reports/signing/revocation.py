"""What proves later that no certificate of a signature was revoked: lists and answers, kept in the paper itself.

They come from files that the settings name, and else only from those hosts that both a certificate and the settings
name.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from asn1crypto import crl, ocsp, pem, x509
from django.conf import settings
from pyhanko.keys import load_certs_from_pemder
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.authority import AuthorityWithCert
from pyhanko_certvalidator.fetchers.common_utils import (
    enumerate_delivery_point_urls,
    format_ocsp_request,
    process_ocsp_response_data,
)

from dgready.limits import TooLargeError, read_limited
from reports.signing.outside import call_outside

log = logging.getLogger(__name__)
MAX_LIST_BYTES: Final = 10 << 20
MAX_LISTS: Final = 50  # files read of one folder
OCSP_HEADERS: Final = {"Content-Type": "application/ocsp-request", "Accept": "application/ocsp-response"}
FETCH_FAULTS: Final = (OSError, ValueError, TypeError, KeyError)


def validation_context(certificates: Iterable[x509.Certificate]) -> ValidationContext:
    """A context that asks for proof that none of these certificates is revoked, with all the proof that can be had.

    `certificates`: of signer and time stamp, with their issuers as far as known. Raises OSError, ValueError.
    """
    roots, between = _known_authorities()
    known = [*certificates, *roots, *between]
    lists = list(local_lists(settings.SIGNING_CRLS))
    fetched_lists, answers = _fetch_missing(known, lists)
    return ValidationContext(
        trust_roots=roots,
        other_certs=known,
        crls=[*lists, *fetched_lists],
        ocsps=answers,
        allow_fetching=False,
        revocation_mode="require",
        retroactive_revinfo=True,  # a list of this morning is proof for a signature of this afternoon
    )


def _known_authorities() -> tuple[list[x509.Certificate], list[x509.Certificate]]:
    """Those that are trusted, and those in between: of SIGNING_CERT and SIGNING_TRUST."""
    own = list(load_certs_from_pemder([settings.SIGNING_CERT]))
    others = list(load_certs_from_pemder([settings.SIGNING_TRUST])) if settings.SIGNING_TRUST else []
    roots = [one for one in (*own, *others) if one.self_issued]
    if not any(one.self_issued for one in own):
        roots.append(own[-1])  # the topmost that is known
    return roots, [one for one in (*own, *others) if one not in roots]


# -- files ----------------------------------------------------------------------------------------


def local_lists(places: Sequence[str]) -> Iterator[crl.CertificateList]:
    """The revocation lists in files and folders, DER or PEM. Raises OSError, ValueError."""
    for place in map(Path, places):
        files = sorted(path for path in place.iterdir() if path.is_file()) if place.is_dir() else [place]
        for path in files[:MAX_LISTS]:
            with path.open("rb") as file:
                try:
                    yield _read_list(read_limited(file, MAX_LIST_BYTES))
                except (TooLargeError, ValueError) as error:
                    raise ValueError(f"{path} is no revocation list: {error}") from error


def _read_list(content: bytes) -> crl.CertificateList:
    if pem.detect(content):
        content = pem.unarmor(content)[2]
    found = crl.CertificateList.load(content, strict=True)
    found["tbs_cert_list"]["this_update"].native  # noqa: B018  reading is lazy: what is no list says so here
    return found


# -- the network ----------------------------------------------------------------------------------


def _fetch_missing(
    known: Sequence[x509.Certificate], lists: Sequence[crl.CertificateList]
) -> tuple[list[crl.CertificateList], list[ocsp.OCSPResponse]]:
    """Proof about certificates whose issuer has no current list here, from hosts that the settings allow."""
    fetched: list[crl.CertificateList] = []
    answers: list[ocsp.OCSPResponse] = []
    if not settings.SIGNING_FETCH:
        return fetched, answers
    deadline = time.monotonic() + settings.REVOCATION_SECONDS
    by_subject = {one.subject.hashable: one for one in known}
    for certificate in {one.sha256: one for one in known if not one.self_issued}.values():
        if any(_covers(one, certificate) for one in (*lists, *fetched)):
            continue
        if answer := _ask_responder(certificate, by_subject, deadline):
            answers.append(answer)
        elif found := _fetch_list(certificate, deadline):
            fetched.append(found)
    return fetched, answers


def _covers(one: crl.CertificateList, certificate: x509.Certificate) -> bool:
    """Whether a list is of the certificate's issuer and not out of date."""
    until = one["tbs_cert_list"]["next_update"].native
    return one.issuer.hashable == certificate.issuer.hashable and (until is None or until > datetime.now(UTC))


def _allowed(urls: Iterable[str]) -> list[str]:
    """The addresses at hosts that the settings name."""
    return [url for url in urls if (urlsplit(url).hostname or "") in settings.SIGNING_FETCH]


def _ask_responder(
    certificate: x509.Certificate, by_subject: Mapping[Any, x509.Certificate], deadline: float
) -> ocsp.OCSPResponse | None:
    issuer = by_subject.get(certificate.issuer.hashable)
    for url in _allowed(certificate.ocsp_urls) if issuer is not None else ():
        try:
            request = format_ocsp_request(
                certificate, AuthorityWithCert(issuer), certid_hash_algo="sha1", request_nonces=True
            )
            answer = _call(url, deadline, request.dump())
            return process_ocsp_response_data(answer, ocsp_request=request, ocsp_url=url)
        except Exception as error:  # a responder may answer anything, and the library has errors of its own
            log.warning("no answer of %s about revocation: %r", url, error)
    return None


def _fetch_list(certificate: x509.Certificate, deadline: float) -> crl.CertificateList | None:
    points = certificate.crl_distribution_points
    for url in _allowed(url for point in points for url in enumerate_delivery_point_urls(point)):
        try:
            return _read_list(_call(url, deadline))
        except FETCH_FAULTS as error:
            log.warning("no revocation list from %s: %r", url, error)
    return None


def _call(url: str, deadline: float, body: bytes | None = None) -> bytes:
    headers = OCSP_HEADERS if body else None
    left = deadline - time.monotonic()
    return call_outside(url, seconds=left, most_bytes=MAX_LIST_BYTES, body=body, headers=headers)
