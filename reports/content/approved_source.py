"""The source of a report on an approved version: its frozen content."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from reports.content.report import Approval
from reports.content.report_source import ReportSource, evidence_by_address
from reports.errors import ReportError
from survey.approval.frozen_facts import FrozenFacts, read_frozen_facts, valid_version
from survey.models import FrozenResponse, Instrument, Response


def approved_source(response: Response, number: int | None = None) -> ReportSource:
    """The frozen content of the approved version, or of the one with that number, superseded or not.

    Raises ReportError where it does not match its hash, or there is none.
    """
    facts = valid_version(response) if number is None else _numbered_version(response, number)
    if facts is None or facts.faults or facts.data is None or facts.approved_at is None:
        raise ReportError("frozen")
    data = facts.data
    answers = data["answers"]
    return ReportSource(
        instrument=_frozen_instrument(data["instrument"], response),
        values={a: v for answer in answers.values() for a, v in answer["value"].items()},
        unsure={q: answer["note"] for q, answer in answers.items() if answer["unsure"]},
        evidence=evidence_by_address(data["evidence"], frozen=True),
        score=data["score"],
        open_points=[*_overridden_guards(data), *data["open_points"]],
        approval=approval_of(facts),
    )


def approval_of(facts: FrozenFacts) -> Approval | None:
    """How papers tell of an approved version; None where its text does not say when it was approved."""
    if facts.approved_at is None:
        return None
    return Approval(
        number=facts.number,
        sha256=facts.sha256,
        by=facts.approved_by,
        at=timezone.localtime(facts.approved_at),
        order=facts.document,
        address=verify_address(facts.row),
        voided_at=timezone.localtime(facts.voided_at) if facts.voided_at else None,
    )


def verify_address(version: FrozenResponse) -> str:
    """The address of the public page that checks an approved version."""
    return f"{settings.PUBLIC_URL}{reverse('survey:verify', args=[version.public_id])}"


def _numbered_version(response: Response, number: int) -> FrozenFacts | None:
    row = FrozenResponse.objects.filter(response=response, number=number).first()
    return read_frozen_facts([row])[0] if row else None


def _overridden_guards(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The conditions of the round that the submission overrode, with their reasons; older texts have none."""
    guards = (data.get("submitted") or {}).get("guards", [])
    return [guard for guard in guards if guard["on"] and not guard["holds"]]


def _frozen_instrument(wanted: Mapping[str, Any], response: Response) -> Instrument:
    """The exact version of the instrument that the content was frozen with."""
    row = response.round.instrument
    if row.checksum == wanted["checksum"]:
        return row
    instrument = Instrument.objects.defer("source").filter(checksum=wanted["checksum"], key=wanted["key"]).first()
    if instrument is None:
        raise ReportError("frozen")
    return instrument
