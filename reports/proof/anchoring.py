"""Making an anchor: the heads of all chains, written once outside the database, signed, time-stamped and mailed."""

from __future__ import annotations

import hashlib
import logging
import smtplib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone

from accounts.actions.log_chain import link_account_events
from reports.errors import ReportError
from reports.proof.anchor_store import SIGNATURE, TEXT, TIMESTAMP, anchor_name, newest_anchor, write_part
from reports.proof.anchor_text import Anchor, write_anchor
from reports.proof.chain_heads import log_head, response_heads
from reports.signing.keys import certificate_label
from reports.signing.texts import sign_text
from reports.signing.timestamps import request_timestamp
from reports.system.runs import RunKind, record_run

log = logging.getLogger(__name__)
UNSIGNED = "no"
FORMATS = {
    TEXT: "text/plain; charset=utf-8",
    SIGNATURE: "application/pkcs7-signature",
    TIMESTAMP: "application/octet-stream",
}


@dataclass(frozen=True, slots=True)
class MadeAnchor:
    """An anchor that is in the store. `problems`: what else was wanted and failed, in words for operators."""

    name: str
    sha256: str
    chains: int
    parts: dict[str, bytes]
    problems: tuple[str, ...]

    def json(self) -> dict[str, Any]:
        """As recorded and printed (JSON)."""
        signed, stamped = SIGNATURE in self.parts, TIMESTAMP in self.parts
        what = {"name": self.name, "sha256": self.sha256, "chains": self.chains, "signed": signed, "stamped": stamped}
        return {**what, "problems": list(self.problems)}


def make_anchor() -> MadeAnchor:
    """Write the anchor of this moment into the store, then to those who get it by mail; records the run.

    Raises OSError (WriteOnceRefused) when the store does not take it; the run is recorded all the same.
    """
    started = timezone.now()
    link_account_events()
    try:
        made = _store_anchor(started)
    except Exception as error:
        log.exception("the anchor could not be stored")
        record_run(kind=RunKind.ANCHOR, started=started, ok=False, detail={"problems": [repr(error)]})
        raise
    if problem := _mail_anchor(made):
        made = replace(made, problems=(*made.problems, problem))
    for problem in made.problems:
        log.error("anchor %s: %s", made.name, problem)
    record_run(kind=RunKind.ANCHOR, started=started, ok=not made.problems, detail=made.json())
    return made


def _store_anchor(at: datetime) -> MadeAnchor:
    unsigned = Anchor(
        site=settings.PUBLIC_URL,
        at=timezone.localtime(at).isoformat(timespec="seconds"),
        signed=UNSIGNED,
        previous=newest_anchor(),
        heads=response_heads(),
        log=log_head(),
    )
    parts, problems = _sign(unsigned)
    content = parts[TEXT]
    if settings.TIMESTAMP_URL:
        try:
            parts[TIMESTAMP] = request_timestamp(content)
        except OSError as error:
            problems.append(f"no time stamp: {error}")
    name = anchor_name(at)
    for ending in (SIGNATURE, TIMESTAMP, TEXT):  # the text last: an anchor that is listed is complete
        if ending in parts:
            write_part(name, ending, parts[ending])
    digest = hashlib.sha256(content).hexdigest()
    return MadeAnchor(name, digest, len(unsigned.heads) + 1, parts, tuple(problems))


def _sign(anchor: Anchor) -> tuple[dict[str, bytes], list[str]]:
    """Text and signature of an anchor; without a key, or with one that cannot be used, the text says: unsigned."""
    problems: list[str] = []
    try:
        label = certificate_label()
        if label != UNSIGNED:
            content = write_anchor(replace(anchor, signed=label)).encode()
            return {TEXT: content, SIGNATURE: sign_text(content)}, problems
    except (ReportError, OSError, ValueError) as error:
        problems.append(f"not signed: {error}")
    return {TEXT: write_anchor(anchor).encode()}, problems


def _mail_anchor(made: MadeAnchor) -> str:
    """Send the anchor to ANCHOR_MAIL; what went wrong, or empty."""
    if not settings.ANCHOR_MAIL:
        return ""
    title = made.name.rpartition("/")[2]
    body = (
        "ไฟล์แนบคือค่าตรวจสอบ (SHA-256) ของบันทึกทุกชุดในระบบ ณ เวลาที่ระบุ โปรดเก็บอีเมลนี้ไว้นอกระบบ\n"
        "The attached file names the newest hash of every journal at that time. "
        "Please keep this letter outside the system.\n\n"
        f"{settings.PUBLIC_URL}\n{title}\nSHA-256 {made.sha256}\n"
    )
    letter = EmailMessage(f"dgready {title}", body, None, settings.ANCHOR_MAIL)
    for ending, content in made.parts.items():
        letter.attach(title + ending, content, FORMATS[ending].partition(";")[0])
    try:
        letter.send()
    except (smtplib.SMTPException, OSError) as error:
        return f"not mailed: {error!r}"
    return ""
