"""What a move to another version of the form would change, response by response: computed, nothing written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from dgready.language import reader_language
from scoring.moving.actions import move_refusal
from scoring.moving.plan import ResponsePlan, option_labels, parts_without_place, plan_response
from scoring.moving.points import MovedPoints, answered_parts, asked, asked_questions, compare_points, kept_values
from scoring.moving.round_state import RoundData, merged_values, read_round
from scoring.moving.score_change import ScoreChange, compare_scores
from scoring.results.queries import list_results_before
from survey.answering.checker import OpenPoint
from survey.assigning.part_notices import part_name
from survey.assigning.queries import assignment_target
from survey.instrument.addresses import item_id_of
from survey.instrument.schema import AnswerValue, CompiledInstrument
from survey.journal.event_texts import describe_address, describe_value, item_title
from survey.models import Instrument, Response, Round


@dataclass(frozen=True, slots=True)
class NamedValue:
    """A value of an answer in words: its question, its place below it, what it says."""

    question: str
    place: str
    text: str


@dataclass(frozen=True, slots=True)
class ResponsePreview:
    """What a move changes for one response. `kept`: number of values that stay as they are.

    `aside`: values without a place; `options`: chosen options that the version does not have; `back`: values that an
    earlier move put aside; `files_aside`, `files_back`: names of evidence; `places_opened`, `places_closed`: evidence
    places, by name.
    """

    response: Response
    name: str
    kept: int
    aside: tuple[NamedValue, ...]
    options: tuple[NamedValue, ...]
    back: tuple[NamedValue, ...]
    opened: tuple[OpenPoint, ...]
    closed: tuple[OpenPoint, ...]
    files_aside: tuple[str, ...]
    files_back: tuple[str, ...]
    places_opened: tuple[str, ...]
    places_closed: tuple[str, ...]
    remarks_aside: int

    @property
    def is_unchanged(self) -> bool:
        """Whether nothing of it changes but the form around it."""
        lists = (self.aside, self.options, self.back, self.opened, self.closed, self.files_aside, self.files_back)
        return not any((*lists, self.places_opened, self.places_closed, self.remarks_aside))


@dataclass(frozen=True, slots=True)
class MovePreview:
    """What a move changes for a round. `refusal`: why it may not be moved now, "" where it may.

    `periods`: the survey period of both versions where they differ; the round keeps its own dates. `parts_gone`: agency
    and part of what has nothing to answer any more; `unassigned`: new questions that no agency answers.
    """

    round: Round
    target: Instrument
    refusal: str
    responses: tuple[ResponsePreview, ...]
    score: ScoreChange | None
    periods: tuple[tuple[date, date], tuple[date, date]] | None
    parts_gone: tuple[tuple[str, str], ...]
    unassigned: tuple[str, ...]

    @property
    def provincial(self) -> ResponsePreview:
        """The provincial answer."""
        return self.responses[0]

    @property
    def contributions(self) -> tuple[ResponsePreview, ...]:
        """The answers of the agencies."""
        return self.responses[1:]


def preview_move(round_: Round, target: Instrument, *, keep_scheme: bool = True) -> MovePreview:
    """What moving a round to a version would change now. Six queries, two more where something is to be found again."""
    data = read_round(round_, target)
    plans = [plan_response(data, one) for one in data.responses]
    points = [compare_points(data, plan) for plan in plans]
    past = list_results_before(round_.province, round_.year)
    periods = (data.old.period, data.new.period)
    return MovePreview(
        round=round_,
        target=target,
        refusal=move_refusal(data.provincial.response, target),
        responses=tuple(_preview_response(data, p, m) for p, m in zip(plans, points, strict=True)),
        score=compare_scores(data, plans[0], points[0], past, keep_scheme=keep_scheme),
        periods=periods if periods[0] != periods[1] else None,
        parts_gone=tuple(
            (part.agency.name, part_name(round_, assignment_target(data.source, part)))
            for part in parts_without_place(data)
        ),
        unassigned=tuple(_unassigned(data)),
    )


def _preview_response(data: RoundData, plan: ResponsePlan, moved: MovedPoints) -> ResponsePreview:
    stored = merged_values(plan.data)
    agency = plan.data.response.agency
    on_kept = {a: v for item in plan.kept for a, v in plan.data.answers[item].fields["value"].items()}
    options = {
        address: ", ".join(option_labels(data.old, address, keys, reader_language()))
        for address, keys in plan.fit.gone_options.items()
    }
    mine = asked_questions(data, agency.pk) if agency is not None else None
    opened, closed = (
        [p for a, p in one.places.items() if a not in other.places and (mine is None or p.question in mine)]
        for one, other in ((moved.after, moved.before), (moved.before, moved.after))
    )
    return ResponsePreview(
        response=plan.data.response,
        name=agency.name if agency is not None else "",
        kept=len(kept_values(plan)),
        aside=tuple(_named(data.old, {**plan.aside, **on_kept}, stored)),
        options=tuple(_named(data.old, options, stored)),
        back=tuple(_named(data.new, {a: plan.values[a] for a in plan.back}, plan.values)),
        opened=moved.opened,
        closed=moved.closed,
        files_aside=tuple(proof.file.name for proof in plan.proofs_aside),
        files_back=tuple(proof.file.name for proof in plan.proofs_back),
        places_opened=tuple(_place_names(data.new, (p.address for p in opened), plan.values)),
        places_closed=tuple(_place_names(data.old, (p.address for p in closed), stored)),
        remarks_aside=len(plan.comments_aside),
    )


def _named(
    form: CompiledInstrument, values: Mapping[str, AnswerValue], all_values: Mapping[str, AnswerValue]
) -> Iterator[NamedValue]:
    language = reader_language()
    for address, value in values.items():
        item = form.items.get(item_id_of(address))
        question = form.items.get(item.question or item.id) if item else None
        place = " › ".join(describe_address(form, address, all_values, language))
        title = item_title(question, language) if question else address
        yield NamedValue(title, place, describe_value(form, address, value, language))


def _place_names(
    form: CompiledInstrument, addresses: Iterable[str], values: Mapping[str, AnswerValue]
) -> Iterator[str]:
    language = reader_language()
    for address in addresses:
        item = form.items[item_id_of(address)]
        question = form.items[item.question or item.id]
        yield " › ".join([item_title(question, language), *describe_address(form, address, values, language)])


def _unassigned(data: RoundData) -> Iterator[str]:
    """New questions that no agency answers; none where nothing is given to agencies."""
    agencies = {part.agency_id for part in data.parts}
    if not agencies:
        return
    known = {question.id for question in data.old.questions}
    given = {q for a in agencies for part in answered_parts(data, a) for q in asked(data, data.new, part)}
    for question in data.new.questions:
        if question.id not in known and question.id not in given:
            yield item_title(question, reader_language())


def other_versions(round_: Round) -> list[Instrument]:
    """The other published versions of a round's form, the newest first. One query."""
    row = round_.instrument
    rows = Instrument.objects.filter(key=row.key, year=row.year, published_at__isnull=False).exclude(pk=row.pk)
    return list(rows.defer("source").order_by("-version"))
