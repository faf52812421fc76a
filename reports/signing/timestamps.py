"""Time stamps (RFC 3161): asking an authority for one, and checking that one belongs to a content."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import datetime
from typing import Any, Final

from asn1crypto import cms, tsp
from django.conf import settings
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError

from reports.signing.outside import call_outside
from reports.signing.texts import DIGEST_ALGORITHM, SignatureFault, check_signed_data

MAX_ANSWER_BYTES: Final = 1 << 20
HEADERS: Final = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}


class Authority(TimeStamper):
    """The time stamping authority of the settings; each of its stamps is checked as it comes."""

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """The authority's answer. Raises OSError."""
        seconds = settings.TIMESTAMP_SECONDS
        answer = call_outside(
            settings.TIMESTAMP_URL, seconds=seconds, most_bytes=MAX_ANSWER_BYTES, body=req.dump(), headers=HEADERS
        )
        return tsp.TimeStampResp.load(answer)

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> Any:
        """A token over the digest. Raises OSError when the authority gives none in time."""
        try:
            token = await super().async_timestamp(message_digest, md_algorithm)
            _read_token(token, lambda algorithm: message_digest if algorithm == md_algorithm else b"")
        except TimestampRequestError:
            raise
        except OSError as error:
            raise TimestampRequestError(str(error)) from error
        except (ValueError, TypeError, KeyError, AttributeError, SignatureFault) as error:
            raise TimestampRequestError(f"the time stamp is of no use: {error}") from error
        return token


def request_timestamp(content: bytes) -> bytes:
    """A time-stamp token over the content (DER). Raises OSError when the authority gives none in time."""
    digest = hashlib.new(DIGEST_ALGORITHM, content).digest()
    return bytes(asyncio.run(Authority().async_timestamp(digest, DIGEST_ALGORITHM)).dump())


def read_timestamp(content: bytes, token: bytes) -> datetime:
    """The time that a token proves for the content. Raises SignatureFault when it is not of it or not intact."""
    try:
        return _read_token(cms.ContentInfo.load(token), lambda algorithm: hashlib.new(algorithm, content).digest())
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise SignatureFault(f"the time stamp cannot be read: {error}") from error


def _read_token(token: Any, digest: Any) -> datetime:
    """The time of a token; `digest`: that of what it should be of, by the name of the algorithm."""
    signed = token["content"]
    info = signed["encap_content_info"]["content"]
    imprint, at = info.parsed["message_imprint"], info.parsed["gen_time"].native
    if digest(imprint["hash_algorithm"]["algorithm"].native) != imprint["hashed_message"].native:
        raise SignatureFault("the time stamp is of another text")
    check_signed_data(signed, bytes(info), "tst_info")
    assert isinstance(at, datetime)
    return at
