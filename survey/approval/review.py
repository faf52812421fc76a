"""What the pages of checking and approving read: answers, evidence, comments, score, put together once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import SignedInRequest
from evidence.attaching.queries import hashes, slots
from scoring.engine.queries import frozen_parts
from survey.answering.checker import Point, Proof, open_points
from survey.answering.queries import AnswerRow, response_state
from survey.instrument.address import item_id
from survey.instrument.path import Path
from survey.instrument.schema import Text
from survey.models import Response
from survey.threads.open_comments import CommentRow, open_comments
from survey.workflow.response_states import Transition, allowed


def allowed_transitions(request: SignedInRequest, response: Response) -> dict[str, Transition]:
    """The transitions open to this person now, by name, for templates."""
    return {t.name: t for t in allowed(request.user, response)}


@dataclass(slots=True)
class ReviewState:
    """How a response stands: its path, answers, evidence and comments not yet dealt with."""

    path: Path
    rows: Mapping[str, AnswerRow]
    proofs: Mapping[str, list[Proof]]
    comments: Mapping[str, list[CommentRow]]

    @property
    def marked(self) -> set[str]:
        """Evidence places with something that counts."""
        return {place for place, some in self.proofs.items() if any(p.marked for p in some)}

    @property
    def files(self) -> int:
        """How many files and web addresses are attached to open places."""
        return sum(len(some) for place, some in self.proofs.items() if place in self.path.places)


def read_review_state(response: Response, *, comments: bool = True) -> ReviewState:
    """Reads a response. At most three queries, two without comments."""
    now = response_state(response)
    found = open_comments(response) if comments else {}
    return ReviewState(now.path, now.rows, evidence_proofs(response), found)


def evidence_proofs(response: Response) -> dict[str, list[Proof]]:
    """What the checker needs to know of the evidence, by place. One query or none."""
    return {
        place: [Proof(place, one.name, one.marked, one.dated) for one in some]
        for place, some in slots(response).items()
    }


def open_points_of(response: Response, stands: ReviewState) -> list[Point]:
    """Everything open, remarks on the whole first, then in the order of the form."""
    on_path = stands.path.on_items
    notes = {item: " · ".join(_said(c) for c in some) for item, some in stands.comments.items()}
    whole = notes.pop("", "")
    points = open_points(
        stands.path,
        stands.proofs,
        period=(response.round.period_from, response.round.period_to),
        unsure={item: row.note or "–" for item, row in stands.rows.items() if row.unsure and item in on_path},
        comments=notes,
    )
    if whole:
        say = Text(f"ข้อสังเกตที่ยังไม่ได้แก้ไข: {whole}", f"Comment not yet dealt with: {whole}")
        points.insert(0, Point("comment", "", "", "", say))
    return points


def _said(comment: CommentRow) -> str:
    return f"({_('ต้องตอบก่อนเสนอ')}) {comment.text}" if comment.must_answer else comment.text


def current_open_points(response: Response) -> list[Point]:
    """Everything open now, read afresh."""
    return open_points_of(response, read_review_state(response))


def point_href(response: Response, point: Point, path: Path) -> str:
    """Where the point can be dealt with: the field, the evidence place or the card on the filling page."""
    if not point.section:
        return reverse("survey:threads", args=[response.pk])
    base = reverse("survey:fill", args=[response.pk, point.section])
    return f"{base}#{quote(point_anchor(point, path), safe='')}"


def point_anchor(point: Point, path: Path) -> str:
    """The id on the filling page that the point is about."""
    if point.kind in ("unsure", "comment"):
        return f"q:{point.question}"
    if point.kind in ("no_file", "no_mark"):
        return f"e:{point.address}"
    if point.kind == "date" and path.instrument.items[item_id(point.address)].kind != "month_year":
        return f"e:{point.address}"
    return point.address


def frozen_outside(response: Response) -> dict[str, Any]:
    """What a frozen version takes from evidence and scoring (survey.approval.snapshot.OUTSIDE).

    Raises scoring.scheme.registry.MissingScheme, FaultyScheme.
    """
    return {**frozen_parts(response), "evidence": hashes(response)}


def count_by_kind(points: Collection[Point]) -> dict[str, int]:
    """How many points there are of each kind, in the order of first appearance."""
    out: dict[str, int] = {}
    for point in points:
        out[point.kind] = out.get(point.kind, 0) + 1
    return out
