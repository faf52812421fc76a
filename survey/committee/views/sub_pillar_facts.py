"""What a decision on a sub-pillar rests on: its score with its range, last year's, open points and remarks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import quote

from django.urls import reverse

from scoring.engine.levels import round_score
from scoring.engine.queries import ScoredResponse, score_response
from scoring.results.last_year import LastResult, last_result
from scoring.scheme import registry
from scoring.scheme.wording import format_marked
from survey.approval.review import open_points_of, read_review_state
from survey.assigning.targets import AssignmentTarget, covered_questions
from survey.committee.queries import sub_pillars_to_decide
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import CompiledInstrument
from survey.models import Response

MAX_LINKS = 4  # questions with open points that are linked one by one


@dataclass(frozen=True, slots=True)
class QuestionLink:
    """A question with the number of its open points or remarks, and where they are read."""

    code: str
    count: int
    href: str


@dataclass(slots=True)
class SubPillarFacts:
    """The facts beside a sub-pillar, formatted for the page; an empty text: not known."""

    score: str = ""
    range: str = ""
    external: bool = False
    last_year: int | None = None
    last_score: str = ""
    change: str = ""
    answers: str = ""
    questions: tuple[str, ...] = ()
    points: list[QuestionLink] = field(default_factory=list)
    remarks: list[QuestionLink] = field(default_factory=list)

    @property
    def point_count(self) -> int:
        """How many open points there are, remarks apart."""
        return sum(link.count for link in self.points)

    @property
    def remark_count(self) -> int:
        """How many remarks are open."""
        return sum(link.count for link in self.remarks)

    @property
    def shown_points(self) -> list[QuestionLink]:
        """The first questions with open points."""
        return self.points[:MAX_LINKS]

    @property
    def more_points(self) -> int:
        """How many further questions have open points."""
        return len(self.points[MAX_LINKS:])


def sub_pillar_facts(response: Response) -> dict[str, SubPillarFacts]:
    """The facts of every sub-pillar that a committee decides on, by code. At most six queries."""
    instrument = compiled_instrument(response.round.instrument)
    scored, last = _scored(response), last_result(response.round)
    found = {code: _score_facts(code, scored, last) for code in sub_pillars_to_decide(response.round)}
    for code, facts in found.items():
        facts.questions = tuple(covered_questions(instrument, AssignmentTarget(sub_pillar=code)))
        if facts.questions:
            facts.answers = answers_href(response, facts.questions[0])
    _add_points(response, instrument, found.values())
    return found


def answers_href(response: Response, question: str) -> str:
    """Where the answer to a question is read."""
    return f"{reverse('survey:answers', args=[response.pk])}#r-{quote(question, safe='')}"


def _scored(response: Response) -> ScoredResponse | None:
    try:
        return score_response(response)
    except (registry.MissingScheme, registry.FaultyScheme):
        return None


def _score_facts(code: str, scored: ScoredResponse | None, last: LastResult | None) -> SubPillarFacts:
    facts = SubPillarFacts()
    before = last.sub_pillar(code) if last else None
    if last is not None:
        facts.last_year, facts.last_score = last.year, _text(before)
    sub = next((s for s in scored.sheet.sub_pillars if s.code == code), None) if scored else None
    if scored is None or sub is None:
        return facts
    facts.score, facts.external = _text(sub.score), sub.external
    span = scored.ranges.sub_pillars.get(code)
    if span is not None and span.is_open:
        facts.range = f"{_text(span.low)}–{_text(span.high)}"
    if before is not None and sub.score is not None:
        change = round_score(sub.score) - before
        facts.change = "0.00" if not change else f"{change:+f}".replace("-", "−")
    return facts


def _add_points(response: Response, instrument: CompiledInstrument, found: Iterable[SubPillarFacts]) -> None:
    """The open points and remarks of each question; the remarks are counted apart from the other points."""
    state = read_review_state(response)
    points: dict[str, int] = {}
    for point in open_points_of(response, state):
        if point.kind != "comment" and point.question:
            points[point.question] = points.get(point.question, 0) + 1
    for facts in found:
        for question in facts.questions:
            code = instrument.items[question].code or question
            if count := points.get(question, 0):
                facts.points.append(QuestionLink(code, count, answers_href(response, question)))
            if remarks := state.comments.get(question):
                href = reverse("survey:threads-item", args=[response.pk, question])
                facts.remarks.append(QuestionLink(code, len(remarks), href))


def _text(value: Decimal | None) -> str:
    return "" if value is None else format_marked(value)
