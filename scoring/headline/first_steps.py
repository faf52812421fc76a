"""What to do first: the few works that still count and give most points for their effort. PURE.

Only what belongs to the year is listed: mending and proving what is answered, answering what is open, entering scores
from outside. Doing something new is the plan's business (scoring.planning).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal

from dgready.localized_text import LocalizedText
from scoring.engine.as_json import format_decimal
from scoring.engine.facts import ResponseFacts
from scoring.engine.levels import round_score
from scoring.engine.sheet import CriterionScore, ScoreSheet, SubPillarScore
from scoring.headline import texts
from scoring.planning.outlook import Outlook
from scoring.scheme.measure_types import Ratio
from scoring.scheme.types import ScoringScheme

MOST: Final = 5
MOST_OF_A_KIND: Final = 3  # so that five lines do not all say the same
HALF: Final = Decimal("0.5")  # an open question may well be answered "no"

StepKind = Literal["mend", "rejected", "evidence", "external", "ask"]


@dataclass(frozen=True, slots=True)
class FirstStep:
    """A work to do first. `points`: of the total; at most so many unless `is_certain`. `effort`: in working days.

    `address`: where it is done on the form ("" for a score from outside); `is_place`: an evidence place. `questions`:
    those to be answered, by item id; `asked`: the agencies that answer them.
    """

    kind: StepKind
    sub_pillar: str
    what: LocalizedText
    points: Decimal
    effort: int
    address: str = ""
    is_place: bool = False
    is_certain: bool = True
    questions: tuple[str, ...] = ()
    asked: tuple[LocalizedText, ...] = ()

    @property
    def text(self) -> LocalizedText:
        """What to do, and who is asked."""
        if not self.asked:
            return self.what
        first, others = self.asked[0], len(self.asked) - 1
        whom = texts.ASK_OTHERS.filled(first=first, n=others) if others else first
        return texts.ASK_WHOM.filled(what=self.what, whom=whom)

    @property
    def gain(self) -> LocalizedText:
        """What it adds, in words."""
        uncertain = texts.CHANGE_WITHIN if self.kind == "external" else texts.GAIN_AT_MOST
        return (texts.GAIN if self.is_certain else uncertain).filled(points=format_decimal(self.points))

    @property
    def worth(self) -> Decimal:
        """Points for a day of work, by which steps are ordered; what may come to nothing counts half."""
        return self.points * (1 if self.is_certain else HALF) / max(self.effort, 1)

    def json(self) -> dict[str, Any]:
        """As JSON shows it."""
        return {
            "kind": self.kind,
            "sub_pillar": self.sub_pillar,
            "text": self.text.json(),
            "gain": self.gain.json(),
            "points": format_decimal(self.points),
            "certain": self.is_certain,
            "effort": self.effort,
            "address": self.address,
        }


@dataclass(frozen=True, slots=True)
class StepCase:
    """What first steps are found from."""

    scheme: ScoringScheme
    facts: ResponseFacts
    sheet: ScoreSheet
    outlook: Outlook


def list_first_steps(case: StepCase) -> tuple[FirstStep, ...]:
    """At most five steps, the most points for their effort first; none for less than a hundredth of a point."""
    found = (step for step in _find_steps(case) if round_score(step.points) > 0)
    kinds: Counter[str] = Counter()
    chosen: list[FirstStep] = []
    for step in sorted(found, key=lambda one: one.worth, reverse=True):
        if kinds[step.kind] < MOST_OF_A_KIND and len(chosen) < MOST:
            kinds[step.kind] += 1
            chosen.append(step)
    return tuple(chosen)


def _find_steps(case: StepCase) -> Iterator[FirstStep]:
    open_questions = _open_questions(case)
    ratios = {c.id for c in case.scheme.criteria if isinstance(c.measure, Ratio)}
    rows = zip(*(s.sub_pillars for s in _sheets(case.outlook)), strict=True)
    for now, claimed, proven, finished in rows:
        if now.external:
            yield from _external_step(case, now)
            continue
        share = _share(case.sheet, now)
        for criterion in now.walk():
            if (address := _find_contradiction(criterion, criterion.id in ratios)) is not None:
                yield _mend_step(now, criterion, address, share)
        if _gain(now, claimed):
            yield _rejected_step(now, _gain(now, claimed) * share)
        if _gain(claimed, proven):
            yield _evidence_step(now, _gain(claimed, proven) * share)
        if _gain(proven, finished) and now.code in open_questions:
            yield _ask_step(now, open_questions[now.code], _gain(proven, finished) * share)


def _sheets(outlook: Outlook) -> tuple[ScoreSheet, ScoreSheet, ScoreSheet, ScoreSheet]:
    return outlook.now, outlook.claimed, outlook.proven, outlook.finished


def _share(sheet: ScoreSheet, sub: SubPillarScore) -> Decimal:
    """Points of the total that a point of the sub-pillar gives."""
    return sub.weight.value / sheet.known_weight if sub.weight and sheet.known_weight else Decimal(0)


def _gain(earlier: SubPillarScore, later: SubPillarScore) -> Decimal:
    if earlier.score is None or later.score is None:
        return Decimal(0)
    return max(later.score - earlier.score, Decimal(0))


def _find_contradiction(criterion: CriterionScore, is_ratio: bool) -> str | None:
    """The answer that another one contradicts, or that of a share whose numbers do not go together; None for none."""
    leaves = list(criterion.trace.walk())
    found = next((leaf.answer_address or leaf.address for leaf in leaves if leaf.state == "contradicts"), None)
    if found is None and is_ratio:
        part, whole = (part.value for part in criterion.trace.parts)
        if criterion.value is None and part is not None and bool(whole):
            found = leaves[0].address
    return found


def _mend_step(sub: SubPillarScore, criterion: CriterionScore, address: str, share: Decimal) -> FirstStep:
    lost = criterion.lost
    points = (100 - (sub.score or Decimal(0))) * share if lost is None else lost
    text = texts.MEND.filled(code=sub.code, name=sub.name, why=criterion.reason)
    return FirstStep("mend", sub.code, text, points, 1, address, is_certain=False)


def _rejected_step(sub: SubPillarScore, points: Decimal) -> FirstStep:
    text = texts.REJECTED.filled(code=sub.code, name=sub.name)
    places = _unproven_places(sub)
    return FirstStep("rejected", sub.code, text, points, max(len(places), 1), next(iter(places), ""), is_place=True)


def _evidence_step(sub: SubPillarScore, points: Decimal) -> FirstStep:
    places = _unproven_places(sub)
    text = texts.EVIDENCE.filled(code=sub.code, name=sub.name, n=len(places))
    return FirstStep("evidence", sub.code, text, points, len(places), next(iter(places), ""), is_place=True)


def _unproven_places(sub: SubPillarScore) -> dict[str, None]:
    """Where the evidence of what is answered lacks, each place once, in the order of the form."""
    return dict.fromkeys(leaf.address for criterion in sub.walk() for leaf in criterion.unproven)


def _ask_step(sub: SubPillarScore, questions: Sequence[str], points: Decimal) -> FirstStep:
    text = texts.ASK.filled(code=sub.code, name=sub.name, n=len(questions))
    first, *_rest = ids = tuple(questions)
    return FirstStep("ask", sub.code, text, points, len(ids), first, is_certain=False, questions=ids)


def _external_step(case: StepCase, sub: SubPillarScore) -> Iterator[FirstStep]:
    """A score from outside that nobody entered: how far the real one can move the total."""
    if sub.weight is None or sub.code not in case.sheet.unknown:
        return
    estimate = next((one for one in case.sheet.estimated_outside if one.code == sub.code), None)
    if estimate is None:
        text, points = texts.EXTERNAL.filled(code=sub.code, name=sub.name), sub.weight.value
    else:
        score = format_decimal(estimate.score)
        text = texts.EXTERNAL_ESTIMATED.filled(code=sub.code, name=sub.name, score=score, source=estimate.source)
        spread = max(estimate.high - estimate.score, estimate.score - estimate.low)
        points = spread * _share(case.sheet, sub)
    yield FirstStep("external", sub.code, text, points, 1, is_certain=False)


def _open_questions(case: StepCase) -> dict[str, list[str]]:
    """The scored questions on the path with nothing answered yet, by sub-pillar."""
    answered: dict[str, bool] = {}
    items = case.facts.path.instrument.items
    for one in case.facts.path.fields.values():
        if one.item.scored:
            answered[one.question] = answered.get(one.question, False) or one.address in case.facts.path.values
    found: dict[str, list[str]] = defaultdict(list)
    for question in _unanswered(answered):
        found[items[question].sub_pillar or ""].append(question)
    return found


def _unanswered(answered: Mapping[str, bool]) -> Iterable[str]:
    return (question for question, is_answered in answered.items() if not is_answered)
