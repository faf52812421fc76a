"""Reads of reports: a response gathered for paper, from its frozen content once it is approved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone, translation

from evidence.attaching.queries import evidence_snapshot
from reports.content.listing import WORDING, build_content
from reports.content.report import Approval, OpenPoint, ResponseReport
from reports.content.scorecard import Scorecard
from reports.content.scorecard import read_scorecard as read_score
from reports.content.structure import EvidenceItem, EvidenceMark
from reports.errors import ReportError
from scoring.engine.as_json import serialize_score_sheet
from scoring.engine.queries import score_response
from scoring.scheme.registry import MissingScheme
from survey.answering import checker
from survey.answering.queries import answer_rows, merge_answer_values
from survey.approval import snapshot as frozen
from survey.instrument.path import QuestionnairePath, resolve_path
from survey.instrument.progress import progress_by_section, total_progress
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import LocalizedText
from survey.models import FrozenResponse, Instrument, Response
from survey.threads.open_comments import open_comments_by_question


@dataclass(frozen=True, slots=True)
class _ReportSource:
    """What both a draft and a frozen version give: the same shapes, so that they print alike."""

    row: Instrument
    values: Mapping[str, Any]
    unsure: Mapping[str, str]
    proofs: Mapping[str, Sequence[EvidenceItem]]
    score: Mapping[str, Any] | None
    open_points: Sequence[Mapping[str, Any]] | None
    approval: Approval | None


def gather_report(response: Response, language: str = "th") -> ResponseReport:
    """A response ready for paper; at most seven queries, whatever the size of the form.

    An approved one comes from its frozen content. Raises ReportError where that content does not hold.
    """
    approved = response.state == Response.State.APPROVED
    facts = _approved_source(response) if approved else _draft_source(response)
    with translation.override(language):
        return _build_report(response, facts, language)


def _build_report(response: Response, facts: _ReportSource, language: str) -> ResponseReport:
    path = resolve_path(compiled_instrument(facts.row), facts.values)
    marked = {a for a, some in facts.proofs.items() if any(p.counts for p in some)}
    notes = {q: note or WORDING["unsure"].to(language) for q, note in facts.unsure.items()}
    points = facts.open_points
    if points is None:
        points = [
            {"say": p.message.json(), "address": p.address, "question": p.question}
            for p in _draft_open_points(response, path, facts)
        ]
    round_ = response.round
    return ResponseReport(
        province_code=round_.province.code,
        province=round_.province.name,
        year=round_.year,
        agency=response.agency.name if response.agency else "",
        state=str(Response.State(response.state).label),
        instrument=str(facts.row),
        checksum=facts.row.checksum,
        period=(round_.period_from, round_.period_to),
        printed_at=timezone.localtime(),
        content=build_content(path, facts.proofs, notes, language),
        progress=total_progress(progress_by_section(path, marked)),
        files=sum(len(some) for place, some in facts.proofs.items() if place in path.places),
        open_points=tuple(_open_point(p, path, language) for p in points),
        score=_scorecard(facts.score, language),
        approval=facts.approval,
        language=language,
    )


def _scorecard(data: Mapping[str, Any] | None, language: str) -> Scorecard | None:
    return read_score(data, language) if data and "pillars" in data else None


def _open_point(point: Mapping[str, Any], path: QuestionnairePath, language: str) -> OpenPoint:
    item = path.instrument.items.get(point.get("question", ""))
    text = LocalizedText(**point["say"]).to(language)
    return OpenPoint((item.code or "") if item else "", text, point.get("reason", ""))


# -- a draft ---------------------------------------------------------------------------------------


def _draft_source(response: Response) -> _ReportSource:
    rows = answer_rows(response)
    stated = response.open_points if response.state == Response.State.SUBMITTED else None
    return _ReportSource(
        row=response.round.instrument,
        values=merge_answer_values(rows),
        unsure={q: row.note for q, row in rows.items() if row.unsure},
        proofs=_evidence_by_address(evidence_snapshot(response)),
        score=_draft_score(response),
        open_points=stated,
        approval=None,
    )


def _draft_score(response: Response) -> dict[str, Any] | None:
    if not response.is_provincial:
        return None
    try:
        found = score_response(response)
    except MissingScheme:
        return None
    return serialize_score_sheet(found.sheet, found.ranges)


def _draft_open_points(response: Response, path: QuestionnairePath, facts: _ReportSource) -> list[checker.OpenPoint]:
    """What is open in a draft, as the checker's page lists it."""
    proofs = {
        place: [checker.AttachedFile(place, p.name, p.counts, p.dated) for p in some]
        for place, some in facts.proofs.items()
    }
    comments = {q: " · ".join(c.text for c in some) for q, some in open_comments_by_question(response).items()}
    whole = comments.pop("", "")
    points = checker.find_open_points(
        path,
        proofs,
        period=(response.round.period_from, response.round.period_to),
        unsure={q: note or "–" for q, note in facts.unsure.items() if q in path.on_items},
        comments=comments,
    )
    if whole:
        say = checker.POINT_MESSAGES["comment"]
        points.insert(
            0,
            checker.OpenPoint(
                "comment", "", "", "", LocalizedText(say.th.format(note=whole), say.en.format(note=whole))
            ),
        )
    return points


# -- an approved version ---------------------------------------------------------------------------


def _approved_source(response: Response) -> _ReportSource:
    rows = FrozenResponse.objects.select_related("approved_by").filter(response=response, voided_at=None)
    row = rows.first()
    if row is None or frozen.verify_snapshot(row):
        raise ReportError("frozen")
    data = frozen.read_snapshot(row)
    answers = data["answers"]
    return _ReportSource(
        row=_frozen_instrument(data["instrument"], response),
        values={a: v for answer in answers.values() for a, v in answer["value"].items()},
        unsure={q: answer["note"] for q, answer in answers.items() if answer["unsure"]},
        proofs=_evidence_by_address(data["evidence"]),
        score=data["score"],
        open_points=data["open_points"],
        approval=Approval(
            number=row.number,
            sha256=row.sha256,
            by=row.approved_by.get_full_name(),
            at=timezone.localtime(row.approved_at),
            order=(data["approved"].get("delegation") or {}).get("document", ""),
        ),
    )


def _frozen_instrument(wanted: Mapping[str, Any], response: Response) -> Instrument:
    """The exact version the content was frozen with."""
    row = response.round.instrument
    if row.checksum == wanted["checksum"]:
        return row
    found = Instrument.objects.defer("source").filter(checksum=wanted["checksum"], key=wanted["key"]).first()
    if found is None:
        raise ReportError("frozen")
    return found


def _evidence_by_address(entries: Iterable[Mapping[str, Any]]) -> dict[str, list[EvidenceItem]]:
    """Evidence by place from the shape that evidence.attaching.queries.evidence_snapshot writes."""
    out: dict[str, list[EvidenceItem]] = {}
    for entry in entries:
        dated = entry.get("document_date")
        proof = EvidenceItem(
            name=entry["name"],
            sha256=entry["sha256"],
            size=entry["size"],
            url=entry["url"],
            dated=date.fromisoformat(dated) if dated else None,
            marks=tuple(EvidenceMark(m["pages"], m["quote"]) for m in entry["marks"]),
        )
        out.setdefault(entry["address"], []).append(proof)
    return out
