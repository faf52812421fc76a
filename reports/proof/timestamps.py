"""Time stamps (RFC 3161): asking an authority for one, and checking that one belongs to a content."""

from __future__ import annotations

import hashlib
import time
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from asn1crypto import cms, tsp
from django.conf import settings
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError, handle_tsp_response

from dgready.limits import TooLargeError
from reports.signing import SignatureFault, check_signed_data

DIGEST: Final = "sha256"
MAX_ANSWER_BYTES: Final = 1 << 20
CHUNK_BYTES: Final = 1 << 14


def request_timestamp(content: bytes) -> bytes:
    """A time-stamp token over the content (DER). Raises OSError when the authority gives none in time."""
    nonce, query = TimeStamper().request_cms(hashlib.sha256(content).digest(), DIGEST)
    answer = _post(settings.TIMESTAMP_URL, query.dump())
    try:
        token = handle_tsp_response(tsp.TimeStampResp.load(answer), nonce)
        encoded = bytes(token.dump())
        read_timestamp(content, encoded)
    except (ValueError, TypeError, KeyError, AttributeError, SignatureFault) as error:
        raise TimestampRequestError(f"the time stamp is of no use: {error}") from error
    return encoded


def _post(url: str, body: bytes) -> bytes:
    """The answer of the authority, all of it within TIMESTAMP_SECONDS or OSError."""
    if urlsplit(url).scheme not in ("http", "https"):
        raise OSError("TIMESTAMP_URL must start with http:// or https://")
    headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
    deadline = time.monotonic() + settings.TIMESTAMP_SECONDS
    answer = b""
    with urlopen(Request(url, body, headers), timeout=settings.TIMESTAMP_SECONDS) as reply:
        while chunk := reply.read1(CHUNK_BYTES):
            answer += chunk
            if len(answer) > MAX_ANSWER_BYTES:
                raise TooLargeError(MAX_ANSWER_BYTES, url)
            if time.monotonic() > deadline:
                raise TimeoutError("the time stamping authority is too slow")
    return answer


def read_timestamp(content: bytes, token: bytes) -> datetime:
    """The time that a token proves for the content. Raises SignatureFault when it is not of it or not intact."""
    try:
        signed = cms.ContentInfo.load(token)["content"]
        info = signed["encap_content_info"]["content"]
        imprint, at = info.parsed["message_imprint"], info.parsed["gen_time"].native
        algorithm, stamped = imprint["hash_algorithm"]["algorithm"].native, imprint["hashed_message"].native
        if hashlib.new(algorithm, content).digest() != stamped:
            raise SignatureFault("the time stamp is of another text")
        check_signed_data(signed, bytes(info), "tst_info")
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise SignatureFault(f"the time stamp cannot be read: {error}") from error
    assert isinstance(at, datetime)
    return at
