"""Reads for checking and approving: review state, open points, evidence and score to freeze."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from urllib.parse import quote, urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import SignedInRequest
from dgready.language import reader_language
from dgready.lru_cache import LruCache
from dgready.same_objects import SameObjects
from evidence.attaching.queries import attachment_summaries
from evidence.attaching.snapshot import evidence_snapshot
from scoring.engine.queries import build_score_snapshot
from scoring.headline.queries import read_headline, read_year_results
from survey.answering.checker import AttachedFile, OpenPoint, find_open_points
from survey.answering.point_mark import point_anchor
from survey.answering.queries import AnswerRow, response_state
from survey.instrument.path import QuestionnairePath
from survey.instrument.schema import LocalizedText
from survey.models import Response
from survey.threads.open_comments import OpenComment, open_comments_by_question
from survey.workflow.response_states import allowed_response_transitions
from survey.workflow.response_transitions import ResponseTransition


def allowed_transitions(request: SignedInRequest, response: Response) -> dict[str, ResponseTransition]:
    """The transitions open to this person now, by name, for templates."""
    return {t.name: t for t in allowed_response_transitions(request.user, response)}


@dataclass(slots=True)
class ReviewState:
    """The state of a response under review: path, answers, evidence and open comments."""

    path: QuestionnairePath
    answers: Mapping[str, AnswerRow]
    evidence: Mapping[str, list[AttachedFile]]
    comments: Mapping[str, list[OpenComment]]

    @property
    def marked_places(self) -> set[str]:
        """Evidence places with something that counts."""
        return {place for place, some in self.evidence.items() if any(p.marked for p in some)}

    @property
    def file_count(self) -> int:
        """How many files and web addresses are attached to open places."""
        return sum(len(some) for place, some in self.evidence.items() if place in self.path.places)


def read_review_state(response: Response, *, comments: bool = True) -> ReviewState:
    """Reads the review state of a response. At most three queries, two without comments."""
    current = response_state(response)
    comments_by_item = open_comments_by_question(response) if comments else _NO_COMMENTS
    return ReviewState(current.path, current.rows, evidence_proofs(response), comments_by_item)


_NO_COMMENTS: Final[Mapping[str, list[OpenComment]]] = {}
_kept_proofs: Final[LruCache[Mapping[str, list[AttachedFile]]]] = LruCache(32)
_kept_points: Final[LruCache[list[OpenPoint]]] = LruCache(32)


def evidence_proofs(response: Response) -> Mapping[str, list[AttachedFile]]:
    """The evidence of a response by place, as the checker takes it. One query or none."""
    summaries = attachment_summaries(response)

    def make() -> Mapping[str, list[AttachedFile]]:
        return {place: [AttachedFile(place, one.name, *one[1:]) for one in some] for place, some in summaries.items()}

    return _kept_proofs.get(SameObjects(summaries), make)


def open_points_of(response: Response, state: ReviewState, *, waiting: bool = False) -> list[OpenPoint]:
    """The open points of a response: remarks on the whole first, then in the order of the form.

    `waiting`: also those that settle by themselves. Kept while path, answers, evidence and remarks are the same.
    """
    made_of = SameObjects(state.path, state.answers, state.evidence, state.comments)
    key = (made_of, response.round.period_from, response.round.period_to, reader_language())
    points = _kept_points.get(key, lambda: _find_points(response, state))
    return [point for point in points if waiting or not point.is_waiting]


def _find_points(response: Response, state: ReviewState) -> list[OpenPoint]:
    on_path = state.path.on_items
    notes = {item: " · ".join(_comment_text(c) for c in some) for item, some in state.comments.items()}
    whole_response = notes.pop("", "")
    points = find_open_points(
        state.path,
        state.evidence,
        period=(response.round.period_from, response.round.period_to),
        unsure={item: row.note or "–" for item, row in state.answers.items() if row.unsure and item in on_path},
        comments=notes,
    )
    if whole_response:
        say = LocalizedText(f"ข้อสังเกตที่ยังไม่ได้แก้ไข: {whole_response}", f"Comment not yet dealt with: {whole_response}")
        points.insert(0, OpenPoint("comment", "", "", "", say))
    return points


def _comment_text(comment: OpenComment) -> str:
    return f"({_('ต้องตอบก่อนเสนอ')}) {comment.text}" if comment.blocks else comment.text


def current_open_points(response: Response) -> list[OpenPoint]:
    """The open points of a response, read from the database."""
    return open_points_of(response, read_review_state(response))


def point_href(response: Response, point: OpenPoint, path: QuestionnairePath) -> str:
    """The address where the point can be dealt with: a field, an evidence place or a card, marked on its page."""
    if not point.section:
        return reverse("survey:threads", args=[response.pk])
    base = _section_page(response.pk, point.section)
    anchor = point_anchor(point.kind, point.address, path)
    return f"{base}?{urlencode({'point': point.key})}#{quote(anchor, safe='')}"


@lru_cache(maxsize=4096)
def _section_page(response: int, section: str) -> str:
    return reverse("survey:fill", args=[response, section])


def read_evidence_and_score(response: Response) -> dict[str, Any]:
    """The part of a snapshot read from evidence and scoring (survey.approval.snapshot.SUPPLIED_KEYS).

    Raises scoring.scheme.registry.MissingScheme, FaultyScheme.
    """
    parts = build_score_snapshot(response)
    headline = read_headline(response, read_year_results(response)).json()
    return {**parts, "score": {**parts["score"], **headline}, "evidence": evidence_snapshot(response)}


def count_by_kind(points: Collection[OpenPoint]) -> dict[str, int]:
    """How many points there are of each kind, in the order of first appearance."""
    counts: dict[str, int] = {}
    for point in points:
        counts[point.kind] = counts.get(point.kind, 0) + 1
    return counts
