"""Reads of reports: a response gathered for paper, from its frozen content once it is approved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone, translation

from evidence.attaching.queries import hashes
from reports.content.listing import SAY, build
from reports.content.paper import Approval, OpenPoint, Paper
from reports.content.scorecard import Scorecard
from reports.content.scorecard import read as read_score
from reports.content.structure import Mark, Proof
from reports.errors import ReportError
from scoring.engine.as_json import to_json
from scoring.engine.queries import scored
from scoring.scheme.registry import MissingScheme
from survey.answering import checker
from survey.answering.queries import merge_values, rows_of
from survey.approval import snapshot as frozen
from survey.instrument.path import Path, resolve
from survey.instrument.progress import by_section, overall
from survey.instrument.queries import instrument_of
from survey.instrument.schema import Text
from survey.models import FrozenResponse, Instrument, Response
from survey.threads.open_comments import open_comments


@dataclass(frozen=True, slots=True)
class _Facts:
    """What both a draft and a frozen version give: the same shapes, so that they print alike."""

    row: Instrument
    values: Mapping[str, Any]
    unsure: Mapping[str, str]
    proofs: Mapping[str, Sequence[Proof]]
    score: Mapping[str, Any] | None
    open_points: Sequence[Mapping[str, Any]] | None
    approval: Approval | None


def gather(response: Response, language: str = "th") -> Paper:
    """A response ready for paper; at most seven queries, whatever the size of the form.

    An approved one comes from its frozen content. Raises ReportError where that content does not hold.
    """
    approved = response.state == Response.State.APPROVED
    facts = _frozen(response) if approved else _live(response)
    with translation.override(language):
        return _paper(response, facts, language)


def _paper(response: Response, facts: _Facts, language: str) -> Paper:
    path = resolve(instrument_of(facts.row), facts.values)
    marked = {a for a, some in facts.proofs.items() if any(p.counts for p in some)}
    notes = {q: note or SAY["unsure"].to(language) for q, note in facts.unsure.items()}
    points = facts.open_points
    if points is None:
        points = [
            {"say": p.say.json(), "address": p.address, "question": p.question} for p in _open(response, path, facts)
        ]
    round_ = response.round
    return Paper(
        province_code=round_.province.code,
        province=round_.province.name,
        year=round_.year,
        agency=response.agency.name if response.agency else "",
        state=str(Response.State(response.state).label),
        instrument=str(facts.row),
        checksum=facts.row.checksum,
        period=(round_.period_from, round_.period_to),
        printed_at=timezone.localtime(),
        content=build(path, facts.proofs, notes, language),
        progress=overall(by_section(path, marked)),
        files=sum(len(some) for place, some in facts.proofs.items() if place in path.places),
        open_points=tuple(_point(p, path, language) for p in points),
        score=_score(facts.score, language),
        approval=facts.approval,
        language=language,
    )


def _score(data: Mapping[str, Any] | None, language: str) -> Scorecard | None:
    return read_score(data, language) if data and "pillars" in data else None


def _point(point: Mapping[str, Any], path: Path, language: str) -> OpenPoint:
    item = path.instrument.items.get(point.get("question", ""))
    text = Text(**point["say"]).to(language)
    return OpenPoint((item.code or "") if item else "", text, point.get("reason", ""))


# -- a draft ---------------------------------------------------------------------------------------


def _live(response: Response) -> _Facts:
    rows = rows_of(response)
    stated = response.open_points if response.state == Response.State.SUBMITTED else None
    return _Facts(
        row=response.round.instrument,
        values=merge_values(rows),
        unsure={q: row.note for q, row in rows.items() if row.unsure},
        proofs=_proofs(hashes(response)),
        score=_live_score(response),
        open_points=stated,
        approval=None,
    )


def _live_score(response: Response) -> dict[str, Any] | None:
    if not response.is_provincial:
        return None
    try:
        found = scored(response)
    except MissingScheme:
        return None
    return to_json(found.sheet, found.spread)


def _open(response: Response, path: Path, facts: _Facts) -> list[checker.Point]:
    """What is open in a draft, as the checker's page lists it."""
    proofs = {
        place: [checker.Proof(place, p.name, p.counts, p.dated) for p in some] for place, some in facts.proofs.items()
    }
    comments = {q: " · ".join(c.text for c in some) for q, some in open_comments(response).items()}
    whole = comments.pop("", "")
    points = checker.open_points(
        path,
        proofs,
        period=(response.round.period_from, response.round.period_to),
        unsure={q: note or "–" for q, note in facts.unsure.items() if q in path.on_items},
        comments=comments,
    )
    if whole:
        say = checker.SAY["comment"]
        points.insert(
            0, checker.Point("comment", "", "", "", Text(say.th.format(note=whole), say.en.format(note=whole)))
        )
    return points


# -- an approved version ---------------------------------------------------------------------------


def _frozen(response: Response) -> _Facts:
    rows = FrozenResponse.objects.select_related("approved_by").filter(response=response, voided_at=None)
    row = rows.first()
    if row is None or frozen.verify(row):
        raise ReportError("frozen")
    data = frozen.read(row)
    answers = data["answers"]
    return _Facts(
        row=_instrument(data["instrument"], response),
        values={a: v for answer in answers.values() for a, v in answer["value"].items()},
        unsure={q: answer["note"] for q, answer in answers.items() if answer["unsure"]},
        proofs=_proofs(data["evidence"]),
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


def _instrument(wanted: Mapping[str, Any], response: Response) -> Instrument:
    """The exact version the content was frozen with."""
    row = response.round.instrument
    if row.checksum == wanted["checksum"]:
        return row
    found = Instrument.objects.defer("source").filter(checksum=wanted["checksum"], key=wanted["key"]).first()
    if found is None:
        raise ReportError("frozen")
    return found


def _proofs(entries: Iterable[Mapping[str, Any]]) -> dict[str, list[Proof]]:
    """Evidence by place from the shape that evidence.attaching.queries.hashes writes."""
    out: dict[str, list[Proof]] = {}
    for entry in entries:
        dated = entry.get("document_date")
        proof = Proof(
            name=entry["name"],
            sha256=entry["sha256"],
            size=entry["size"],
            url=entry["url"],
            dated=date.fromisoformat(dated) if dated else None,
            marks=tuple(Mark(m["pages"], m["quote"]) for m in entry["marks"]),
        )
        out.setdefault(entry["address"], []).append(proof)
    return out
