"""The source of a report on a draft: answers, evidence and score as they are now."""

from __future__ import annotations

from typing import Any

from evidence.attaching.snapshot import evidence_snapshot
from reports.content.report_source import ReportSource, evidence_by_address
from reports.content.structure import EvidenceItem
from scoring.headline.queries import get_full_score_json
from scoring.scheme.registry import MissingScheme
from survey.answering import checker
from survey.answering.queries import answer_rows, merge_answer_values
from survey.instrument.path import QuestionnairePath
from survey.instrument.schema import LocalizedText
from survey.models import Response
from survey.threads.open_comments import open_comments_by_question


def draft_source(response: Response, *, scored: bool = True) -> ReportSource:
    """The answers, evidence and score of a response as they are now; the score only where it is asked for."""
    rows = answer_rows(response)
    stated_points = response.open_points if response.state == Response.State.SUBMITTED else None
    return ReportSource(
        instrument=response.round.instrument,
        values=merge_answer_values(rows),
        unsure={q: row.note for q, row in rows.items() if row.unsure},
        evidence=evidence_by_address(evidence_snapshot(response)),
        score=_draft_score(response) if scored else None,
        open_points=stated_points,
        approval=None,
    )


def _draft_score(response: Response) -> dict[str, Any] | None:
    if not response.is_provincial:
        return None
    try:
        return get_full_score_json(response)
    except MissingScheme:
        return None


def _attached_file(address: str, item: EvidenceItem) -> checker.AttachedFile:
    """Evidence of a report as the checker takes it."""
    return checker.AttachedFile(
        address,
        item.name,
        item.counts,
        item.document_date,
        item.is_active,
        item.is_infected,
        item.verdict,
        item.to_confirm,
        item.claimed,
        item.lacking,
        item.checking,
        item.verdict_reason,
    )


def draft_open_points(response: Response, path: QuestionnairePath, source: ReportSource) -> list[checker.OpenPoint]:
    """The open points of a draft, as the checker's page lists them."""
    files = {address: [_attached_file(address, item) for item in items] for address, items in source.evidence.items()}
    comments = {q: " · ".join(c.text for c in thread) for q, thread in open_comments_by_question(response).items()}
    on_the_whole = comments.pop("", "")
    points = checker.find_open_points(
        path,
        files,
        period=(response.round.period_from, response.round.period_to),
        unsure={q: note or "–" for q, note in source.unsure.items() if q in path.on_items},
        comments=comments,
    )
    if on_the_whole:
        message = checker.POINT_MESSAGES["comment"]
        points.insert(
            0,
            checker.OpenPoint(
                "comment",
                "",
                "",
                "",
                LocalizedText(message.th.format(note=on_the_whole), message.en.format(note=on_the_whole)),
            ),
        )
    return points
