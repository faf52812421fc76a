"""What a report is built from: the same shape for a draft and for a frozen version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from evidence.attaching.queries import flagged_contents
from reports.content.report import Approval
from reports.content.structure import EvidenceItem, EvidenceMark
from survey.models import Instrument


@dataclass(frozen=True, slots=True)
class ReportSource:
    """What a report is built from, in the same shape for a draft and for a frozen version."""

    instrument: Instrument
    values: Mapping[str, Any]
    unsure: Mapping[str, str]
    evidence: Mapping[str, Sequence[EvidenceItem]]
    score: Mapping[str, Any] | None
    open_points: Sequence[Mapping[str, Any]] | None
    approval: Approval | None


def evidence_by_address(entries: Sequence[Mapping[str, Any]], *, frozen: bool = False) -> dict[str, list[EvidenceItem]]:
    """Evidence by place from the shape that evidence.attaching.snapshot.evidence_snapshot writes. One query.

    What is frozen goes on counting as it did when it was approved.
    """
    flagged = flagged_contents(entry["sha256"] for entry in entries)
    evidence: dict[str, list[EvidenceItem]] = {}
    for entry in entries:
        document_date = entry.get("document_date")
        item = EvidenceItem(
            name=entry["name"],
            sha256=entry["sha256"],
            size=entry["size"],
            url=entry["url"],
            document_date=date.fromisoformat(document_date) if document_date else None,
            marks=tuple(
                EvidenceMark(m["pages"], m["quote"], m.get("note", ""), m.get("state", ""), m.get("areas", ""))
                for m in entry["marks"]
            ),
            is_active=entry["sha256"] in flagged.active,
            is_infected=not frozen and entry["sha256"] in flagged.infected,
            to_confirm=entry.get("to_confirm", False),
            verdict=entry.get("verdict", ""),
            verdict_reason=entry.get("verdict_reason", ""),
            copy=entry.get("copy", ""),
        )
        evidence.setdefault(entry["address"], []).append(item)
    return evidence
