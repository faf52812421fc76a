"""The approval certificate, gathered from the approved version alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from reports.content.approved_source import approval_of
from reports.content.imprint import form_title
from reports.content.report import Approval
from reports.errors import ReportError
from reports.models import Job, JobState, ReportKind
from reports.signing.keys import SigningIdentity, signing_identity
from reports.signing.levels import SignatureLevel
from survey.approval.frozen_facts import FrozenFacts, valid_version
from survey.models import Meeting, Response

MOST_FILES: Final = 60  # that a certificate names beside the frozen content


@dataclass(frozen=True, slots=True)
class ApprovalDelegation:
    """The delegation by which somebody approved in the governor's place: its order and its days."""

    document: str
    starts_on: date
    ends_on: date
    by: str


@dataclass(frozen=True, slots=True)
class DeliveredFile:
    """A file that tells of the approved version, as it was handed out."""

    label: str
    name: str
    made_at: datetime
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class SignatureStanding:
    """At which level the certificate is signed; `wanted`: the level of the settings, which may not be within reach."""

    level: SignatureLevel
    wanted: SignatureLevel

    def text(self) -> str:
        """In a sentence, in the language that is on."""
        said = {
            SignatureLevel.BASIC: _("ลงลายมือชื่ออิเล็กทรอนิกส์ระดับ PAdES B-B ไม่มีการประทับรับรองเวลา"),
            SignatureLevel.TIMED: _("ลงลายมือชื่ออิเล็กทรอนิกส์ระดับ PAdES B-T มีการประทับรับรองเวลา"),
            SignatureLevel.LONG_TERM: _(
                "ลงลายมือชื่ออิเล็กทรอนิกส์ระดับ PAdES B-LT มีการประทับรับรองเวลา และข้อมูลสำหรับตรวจได้แม้ใบรับรองหมดอายุ"
            ),
        }[self.level]
        if self.level is self.wanted:
            return said
        lower = _("ตั้งไว้เป็นระดับ %(wanted)s แต่ขณะที่สร้างติดต่อผู้ให้บริการไม่ได้") % {"wanted": self.wanted}
        return f"{said} ({lower})"


@dataclass(frozen=True, slots=True)
class Certificate:
    """What the certificate says. `signer`: whose electronic signature it bears, None for none.

    `files`: those of the version that were made before it; `files_left_out` older ones are not named.
    `signature`: how it is going to be signed, None where it is not.
    """

    province_code: str
    province: str
    year: int
    title: str
    number: int
    approval: Approval
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
    signer: SigningIdentity | None
    made_at: datetime
    files: tuple[DeliveredFile, ...]
    files_left_out: int
    language: str
    signature: SignatureStanding | None = None

    @property
    def name(self) -> str:
        """The beginning of its file name."""
        return f"{self.province_code}-{self.year}-v{self.number}"


def gather_certificate(response: Response, language: str = "th") -> Certificate:
    """The certificate of the approved version in force. Raises ReportError."""
    facts = valid_version(response)
    if facts is None or not response.is_provincial:
        raise ReportError("unapproved")
    approval = approval_of(facts)
    if facts.faults or facts.data is None or approval is None:
        raise ReportError("frozen")
    data = facts.data
    score = data["score"]
    with translation.override(language):
        files, files_left_out = _delivered_files(response, facts)
        return Certificate(
            province_code=data["province"]["code"],
            province=data["province"][f"name_{language}"],
            year=data["year"],
            title=form_title(response, language),
            number=facts.number,
            approval=approval,
            delegation=_delegation(data["approved"].get("delegation")),
            **_endorsement(data.get("endorsed")),
            answers=len(data["answers"]),
            evidence=len(data["evidence"]),
            open_points=len(data["open_points"]),
            score=str(score.get("total") or "–"),
            range=_score_range(score.get("low"), score.get("high")),
            level=score.get("level"),
            estimated=bool(score.get("estimated")),
            signer=signing_identity(),
            made_at=timezone.localtime(),
            files=files,
            files_left_out=files_left_out,
            language=language,
        )


def _delivered_files(response: Response, facts: FrozenFacts) -> tuple[tuple[DeliveredFile, ...], int]:
    """The frozen content and the files made of it, each kind together and the newest first; how many are left out."""
    rows = Job.objects.filter(response=response, version=facts.number, state=JobState.DONE)
    made = list(rows.exclude(kind=ReportKind.CERTIFICATE).order_by("-finished_at", "-pk"))
    kinds = {kind: place for place, kind in enumerate(ReportKind.values)}
    respondent = response.round.province.kind
    content = facts.row.content.encode()
    named = DeliveredFile(
        label=_("เนื้อหาที่อนุมัติ (JSON)"),
        name="content.json",
        made_at=timezone.localtime(facts.approved_at),
        size=len(content),
        sha256=facts.sha256,
    )
    files = [
        DeliveredFile(
            ReportKind(job.kind).label_for(respondent),
            job.file_name,
            timezone.localtime(job.finished_at),
            job.size,
            job.sha256,
        )
        for job in sorted(made[:MOST_FILES], key=lambda job: kinds[job.kind])
    ]
    return (named, *files), max(0, len(made) - MOST_FILES)


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
