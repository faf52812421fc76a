"""Gathering who answers what: for the blank form of an agency, and for the list of assignments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.utils import translation

from accounts.models import Agency
from reports.content.imprint import form_title
from reports.errors import ReportError
from scoring.scheme.level_five import asks_by_question
from scoring.scheme.queries import get_round_scheme
from scoring.scheme.registry import MissingScheme
from scoring.scheme.types import ScoringScheme
from survey.assigning.queries import assignment_due, assignment_target, is_answering
from survey.assigning.targets import covered_items, covered_questions
from survey.instrument.definitions import item_texts, used_definitions
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import CompiledInstrument, Item, SubPillar
from survey.models import Assignment, Response, Round

ROLE_ORDER = "RASCI"
MANY = 5  # agencies: so many are named together where they are all the others
BEYOND = "beyond"  # the definition of what the province does beyond its parent departments


@dataclass(frozen=True, slots=True)
class AgencyRole:
    """A role in a question. `part`: the code of the part, where it is not the whole question."""

    role: str
    if_any: bool
    part: str
    due: date


@dataclass(frozen=True, slots=True)
class RoleHolders:
    """Who has one role in a question, by the codes of the agencies; `everybody`: all, `others`: all the others."""

    role: AgencyRole
    agencies: tuple[str, ...]
    everybody: bool
    others: bool


@dataclass(frozen=True, slots=True)
class AssignedQuestion:
    """A question with what level 5 asks (each with whether DGA says so) and who has which role."""

    code: str
    text: str
    beyond: bool
    level_five: tuple[tuple[str, bool], ...]
    roles: tuple[RoleHolders, ...]


@dataclass(frozen=True, slots=True)
class AssignedSubPillar:
    """A sub-pillar: its purpose, its weight and its questions. `external`: scored by the parent departments or DGA.

    `part_of`: the code of the sub-pillar that it is a part of, whose weight it shares.
    """

    code: str
    name: str
    about: str
    weight: str
    official: bool
    external: bool
    questions: tuple[AssignedQuestion, ...]
    part_of: str = ""

    @property
    def mark(self) -> str:
        """The mark of a score from outside; a double one where something is asked all the same."""
        return ("**" if self.questions else "*") if self.external else ""


@dataclass(frozen=True, slots=True)
class AssignedPillar:
    """A pillar with its weight; without a number what is asked of everybody first."""

    number: str
    name: str
    weight: str
    subs: tuple[AssignedSubPillar, ...]


@dataclass(frozen=True)
class AssignmentList:
    """Who answers what in a round. `agency`: whose part it is, "" for all."""

    year: int
    title: str
    agency: str
    due: date
    definition: str
    pillars: tuple[AssignedPillar, ...]
    agencies: tuple[tuple[str, str], ...] = field(default=())

    @property
    def marks(self) -> frozenset[str]:
        """The marks of scores from outside that the list bears."""
        return frozenset(sub.mark for pillar in self.pillars for sub in pillar.subs)

    def of_pillar(self, number: str) -> AssignmentList:
        """The same of one pillar, with the agencies that have a role in it."""
        pillars = tuple(pillar for pillar in self.pillars if pillar.number == number)
        questions = [q for pillar in pillars for sub in pillar.subs for q in sub.questions]
        named = {code for question in questions for holders in question.roles for code in holders.agencies}
        agencies = tuple(agency for agency in self.agencies if agency[0] in named)
        return replace(self, pillars=pillars, agencies=agencies)


def agency_items(round_: Round, agency: Agency) -> frozenset[str]:
    """The ids of the items an agency answers. One query. Raises ReportError where it answers none."""
    row, instrument = round_.instrument, compiled_instrument(round_.instrument)
    found: set[str] = set()
    for assignment in Assignment.objects.filter(round=round_, agency=agency):
        if is_answering(assignment):
            target = assignment_target(row, assignment)
            for question in covered_questions(instrument, target):
                found |= covered_items(instrument, target, question)
    if not found:
        raise ReportError("unassigned")
    return frozenset(found)


def gather_assignments(response: Response, language: str, agency: Agency | None = None) -> AssignmentList:
    """The assignments of a round, or those of one agency. Two queries. Raises ReportError where there are none."""
    round_ = response.round
    instrument = compiled_instrument(round_.instrument)
    found = Assignment.objects.filter(round=round_).select_related("agency").order_by("agency__sort_key", "pk")
    rows = list(found.filter(agency=agency) if agency is not None else found)
    with translation.override(language):
        by_question = _roles_by_question(round_, instrument, rows)
        if not by_question:
            raise ReportError("unassigned")
        builder = _Builder(round_, instrument, by_question, language, agency is None)
        terms = {d.key: d.text.to(language) for section in instrument.sections for d in section.definitions}
        return AssignmentList(
            year=round_.year,
            title=form_title(response, language),
            agency=agency.name if agency else "",
            due=round_.agency_due,
            definition=terms.get(BEYOND, ""),
            pillars=tuple(builder.pillars()),
            agencies=tuple(dict.fromkeys((row.agency.code, row.agency.name) for row in rows)),
        )


def _roles_by_question(
    round_: Round, instrument: CompiledInstrument, rows: Sequence[Assignment]
) -> dict[str, dict[AgencyRole, list[str]]]:
    found: dict[str, dict[AgencyRole, list[str]]] = {}
    for row in rows:
        target = assignment_target(round_.instrument, row)
        part = instrument.items.get(target.item) if target.item else None
        name = (part.code or part.ask.to(translation.get_language() or "th")) if part else ""
        role = AgencyRole(row.role, row.if_any, name, assignment_due(round_, row))
        for question in covered_questions(instrument, target):
            found.setdefault(question, {}).setdefault(role, []).append(row.agency.code)
    return found


class _Builder:
    """Builds the list of one round in one language."""

    def __init__(
        self,
        round_: Round,
        instrument: CompiledInstrument,
        roles: dict[str, dict[AgencyRole, list[str]]],
        language: str,
        complete: bool,
    ) -> None:
        self.instrument, self.roles, self.language, self.complete = instrument, roles, language, complete
        self.agencies = len({code for some in roles.values() for codes in some.values() for code in codes})
        try:
            self.scheme: ScoringScheme | None = get_round_scheme(round_).scheme
        except MissingScheme:
            self.scheme = None
        self.asks = asks_by_question(instrument, self.scheme) if self.scheme else {}

    def pillars(self) -> list[AssignedPillar]:
        """The pillars in their order; what belongs to none comes first."""
        found = []
        weights = {p.number: f"{p.weight.value:f}" for p in self.scheme.pillars} if self.scheme else {}
        loose = self._questions([q for q in self.instrument.questions if not q.sub_pillar])
        if loose:
            found.append(AssignedPillar("", "", "", (AssignedSubPillar("", "", "", "", True, False, loose),)))
        for pillar in self.instrument.pillars:
            subs = [sub for one in pillar.sub_pillars if (sub := self._sub_pillar(one)) is not None]
            if subs:
                weight = weights.get(pillar.number, "")
                found.append(AssignedPillar(pillar.number, pillar.name.to(self.language), weight, tuple(subs)))
        return found

    def _sub_pillar(self, sub: SubPillar) -> AssignedSubPillar | None:
        questions = self._questions([q for q in self.instrument.questions if q.sub_pillar == sub.code])
        if not questions and not (sub.external and self.complete):
            return None
        schemes = self.scheme.sub_pillars if self.scheme else {}
        scheme = schemes.get(sub.code) or schemes.get(sub.parent or "")
        weight = scheme.weight if scheme else None
        return AssignedSubPillar(
            code=sub.code,
            name=sub.name.to(self.language),
            about=sub.about.to(self.language),
            weight=f"{weight.value:f}" if weight else "",
            official=weight is None or weight.origin == "official",
            external=sub.external,
            questions=questions,
            part_of=sub.parent or "",
        )

    def _questions(self, items: Sequence[Item]) -> tuple[AssignedQuestion, ...]:
        shown = [item for item in items if item.id in self.roles or self.complete]
        return tuple(self._question(item) for item in shown)

    def _question(self, item: Item) -> AssignedQuestion:
        terms = {d.key: d for section in self.instrument.sections for d in section.definitions}
        beyond = [terms[BEYOND]] if BEYOND in terms else []
        return AssignedQuestion(
            code=item.code or "",
            text=item.ask.to(self.language),
            beyond=bool(used_definitions(beyond, item_texts(item))),
            level_five=tuple((ask.text.to(self.language), ask.is_published) for ask in self.asks.get(item.id, ())),
            roles=tuple(self._holders(self.roles.get(item.id, {}))),
        )

    def _holders(self, roles: Mapping[AgencyRole, Sequence[str]]) -> Iterator[RoleHolders]:
        """Who does it before who only helps or reads."""
        named = {code for codes in roles.values() for code in codes}
        for role, agencies in sorted(roles.items(), key=lambda pair: ROLE_ORDER.index(pair[0].role)):
            everybody = len(agencies) == self.agencies > 1
            others = len(named) == self.agencies and len(agencies) >= MANY and not everybody
            yield RoleHolders(role, tuple(agencies), everybody, others)
