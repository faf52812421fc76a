"""The source of a report on an approved version: its frozen content."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from reports.content.report import Approval
from reports.content.report_source import ReportSource, evidence_by_address
from reports.errors import ReportError
from survey.approval.frozen_facts import valid_version
from survey.models import Instrument, Response


def approved_source(response: Response) -> ReportSource:
    """The frozen content of the approved version. Raises ReportError where it does not match its hash."""
    facts = valid_version(response)
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
        approval=Approval(
            number=facts.number,
            sha256=facts.sha256,
            by=facts.approved_by,
            at=timezone.localtime(facts.approved_at),
            order=facts.document,
        ),
    )


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
