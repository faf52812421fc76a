"""The approval certificate, gathered from the approved version alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from reports import signing
from reports.errors import ReportError
from survey.approval.frozen_facts import valid_version
from survey.models import Meeting, Response


@dataclass(frozen=True, slots=True)
class ApprovalDelegation:
    """The delegation by which somebody approved in the governor's place: its order and its days."""

    document: str
    starts_on: date
    ends_on: date
    by: str


@dataclass(frozen=True, slots=True)
class Certificate:
    """What the certificate says. `signer`: whose electronic signature it bears, None for none."""

    province_code: str
    province: str
    year: int
    title: str
    number: int
    sha256: str
    approved_by: str
    approved_at: datetime
    delegation: ApprovalDelegation | None
    endorsed_on: date | None
    meeting: str
    answers: int
    evidence: int
    open_points: int
    score: str
    range: str
    level: int | None
    estimated: bool
    instrument: str
    address: str
    signer: signing.SigningIdentity | None
    made_at: datetime
    language: str

    @property
    def name(self) -> str:
        """The beginning of its file name."""
        return f"{self.province_code}-{self.year}-v{self.number}"


def gather_certificate(response: Response, language: str = "th") -> Certificate:
    """The certificate of the approved version in force. Raises ReportError."""
    facts = valid_version(response)
    if facts is None or not response.is_provincial:
        raise ReportError("unapproved")
    if facts.faults or facts.data is None or facts.approved_at is None:
        raise ReportError("frozen")
    data = facts.data
    verify_path = reverse("survey:verify", args=[facts.row.public_id])
    score = data["score"]
    with translation.override(language):
        return Certificate(
            province_code=data["province"]["code"],
            province=data["province"][f"name_{language}"],
            year=data["year"],
            title=_title(response, language),
            number=facts.number,
            sha256=facts.sha256,
            approved_by=facts.approved_by,
            approved_at=timezone.localtime(facts.approved_at),
            delegation=_delegation(data["approved"].get("delegation")),
            **_endorsement(data.get("endorsed")),
            answers=len(data["answers"]),
            evidence=len(data["evidence"]),
            open_points=len(data["open_points"]),
            score=str(score.get("total") or "–"),
            range=_score_range(score.get("low"), score.get("high")),
            level=score.get("level"),
            estimated=bool(score.get("estimated")),
            instrument="{key} {year} v{version}".format(**data["instrument"]),
            address=f"{settings.PUBLIC_URL}{verify_path}",
            signer=signing.signing_identity(),
            made_at=timezone.localtime(),
            language=language,
        )


def _title(response: Response, language: str) -> str:
    row = response.round.instrument
    return row.title_en if language == "en" and row.title_en else row.title_th


def _delegation(data: Mapping[str, Any] | None) -> ApprovalDelegation | None:
    if not data:
        return None
    name = data.get("by_name")
    if name is None:  # frozen before names were
        delegator = User.objects.filter(pk=data["by"]).first()
        name = delegator.get_full_name() if delegator else ""
    return ApprovalDelegation(data["document"], date.fromisoformat(data["from"]), date.fromisoformat(data["to"]), name)


def _endorsement(data: Mapping[str, Any] | None) -> dict[str, Any]:
    if not data:
        return {"endorsed_on": None, "meeting": ""}
    if "held_at" in data:
        held_at = datetime.fromisoformat(data["held_at"])
        return {"endorsed_on": timezone.localdate(held_at), "meeting": data["number"]}
    meeting = Meeting.objects.filter(pk=int(data.get("meeting") or 0)).first()
    endorsed_at = meeting.held_at if meeting else datetime.fromisoformat(data["at"])
    return {"endorsed_on": timezone.localdate(endorsed_at), "meeting": meeting.number if meeting else ""}


def _score_range(low: str | None, high: str | None) -> str:
    """The range of a score, nothing where it is one figure."""
    return f"{low}–{high}" if low and high and low != high else ""
