"""The paper "reasons of the score and action plan": the tree of a ScoreSheet, and a plan with its actions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.template.loader import render_to_string
from django.utils import translation

from reports.documents.render import write_pdf
from scoring.engine.explain import format_number
from scoring.engine.range_types import ScoreRange, SheetRanges
from scoring.engine.reason_texts import STATE_REASONS
from scoring.engine.recommendations import list_recommendations
from scoring.engine.shares import ScoreShare, compute_score_shares
from scoring.engine.sheet import CriterionScore, ScoreSheet, SubPillarScore
from scoring.engine.trace import MeasureTrace, TraceLeaf
from scoring.models import ActionPlan
from survey.models import Response

if TYPE_CHECKING:
    from reports.jobs.actions import ProgressReporter
    from scoring.planning.queries import FollowedAction

TEMPLATE = "reports/documents/plan.html"
UNOFFICIAL_ORIGINS = frozenset({"assumed", "estimated"})


@dataclass(frozen=True, slots=True)
class ScoreReport:
    """What the paper is made of: a response's score with its range, and a plan with its actions, if any."""

    response: Response
    sheet: ScoreSheet
    spread: SheetRanges
    plan: ActionPlan | None
    actions: Sequence[FollowedAction]
    language: str = "th"


@dataclass(frozen=True, slots=True)
class LeafLine:
    """A thing that can count: what it is, where its answer and its evidence are, whether it did and why not."""

    label: str
    address: str
    evidence: tuple[str, ...]
    counted: bool
    why: str


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """A criterion of the tree. `part`: the part of its sub-pillar it stands in; `parts`: what its sum is made of."""

    score: CriterionScore
    part: str
    name: str
    reason: str
    source: str
    assumed: bool
    share: ScoreShare | None
    span: ScoreRange
    parts: tuple[str, ...]
    leaves: tuple[LeafLine, ...]


@dataclass(frozen=True, slots=True)
class SubPillarLine:
    """A sub-pillar of the tree with its criteria, those of its parts included. `weight`: with where it comes from."""

    score: SubPillarScore
    name: str
    weight: str
    assumed: bool
    span: ScoreRange
    criteria: tuple[CriterionLine, ...]
    advice: tuple[tuple[str, str], ...]  # what to do, where the thought comes from


@dataclass(frozen=True, slots=True)
class PillarLine:
    """A pillar of the tree."""

    number: str
    name: str
    span: ScoreRange
    subs: tuple[SubPillarLine, ...]


def score_tree(sheets: ScoreReport) -> tuple[PillarLine, ...]:
    """The whole explanation in one language."""
    kept, language, spread = compute_score_shares(sheets.sheet), sheets.language, sheets.spread

    def leaf(one: TraceLeaf) -> LeafLine:
        why = STATE_REASONS[one.state].to(language)
        return LeafLine(
            one.label.to(language), one.answer_address or one.address, one.evidence_places, one.state == "counted", why
        )

    def criterion(one: CriterionScore, part: str) -> CriterionLine:
        return CriterionLine(
            score=one,
            part=part,
            name=one.name.to(language),
            reason=one.reason.to(language),
            source=one.source.to(language),
            assumed=one.origin in UNOFFICIAL_ORIGINS,
            share=kept.get(one.id),
            span=spread.criteria[one.id],
            parts=tuple(_named_parts(one.trace, language)),
            leaves=tuple(leaf(x) for x in one.trace.walk()),
        )

    def sub(one: SubPillarScore) -> SubPillarLine:
        criteria = tuple(criterion(c, part) for part, c in _criteria(one, "", language))
        advice = tuple(
            (a.text.to(language), a.source_text.to(language)) for a in list_recommendations(sheets.sheet, one)
        )
        weight = one.weight
        told = f"{weight.value:f} · {weight.source.to(language)}" if weight else ""
        soft = weight is not None and weight.origin in UNOFFICIAL_ORIGINS
        return SubPillarLine(one, one.name.to(language), told, soft, spread.sub_pillars[one.code], criteria, advice)

    return tuple(
        PillarLine(p.number, p.name.to(language), spread.pillars[p.number], tuple(sub(s) for s in p.sub_pillars))
        for p in sheets.sheet.pillars
    )


def _criteria(sub: SubPillarScore, part: str, language: str) -> Iterator[tuple[str, CriterionScore]]:
    """The criteria of a sub-pillar, each with the part it stands in."""
    yield from ((part, c) for c in sub.criteria)
    for one in sub.parts:
        yield from _criteria(one, f"{one.code} {one.name.to(language)} {format_number(one.score)}", language)


def _named_parts(trace: MeasureTrace, language: str) -> Iterator[str]:
    """The named parts of a sum with what they came to."""
    for part in trace.parts:
        if part.name:
            of = f" / {format_number(part.full)}" if part.full else ""
            yield f"{part.name.to(language)}: {format_number(part.value)}{of}"


def score_report_html(sheets: ScoreReport) -> str:
    """The paper as HTML: of a plan the plan and what helps with it, else the whole tree."""
    with translation.override(sheets.language):
        pillars = score_tree(sheets)
        planned = {one.action.sub_pillar for one in sheets.actions}
        context = {
            "response": sheets.response,
            "sheet": sheets.sheet,
            "span": sheets.spread.total,
            "pillars": pillars if sheets.plan is None else (),
            "advised": [s for p in pillars for s in p.subs if s.advice and s.score.code in planned],
            "plan": sheets.plan,
            "actions": sheets.actions,
            "language": sheets.language,
        }
        return render_to_string(TEMPLATE, context)


def write_score_report_pdf(sheets: ScoreReport, path: Path, progress: ProgressReporter | None = None) -> None:
    """Writes the PDF to `path`. Raises ReportError, and jobs.Stopped where `progress` does."""
    text = score_report_html(sheets)
    if progress is None:
        write_pdf(text, path)
        return
    pages = text.count("criterion") // 12 + 1  # a guess, only for the bar
    progress(15, 100)
    write_pdf(
        text,
        path,
        laid_out=lambda page: progress(20 + min(55, page * 55 // pages), 100),
        drawn=lambda: progress(90, 100),
    )
