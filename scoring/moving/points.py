"""Open points of a response before and after a move to another version of its form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scoring.moving.plan import ResponsePlan
from scoring.moving.round_state import RoundData, StoredProof, merged_values
from survey.answering.checker import AttachedFile, OpenPoint, find_open_points
from survey.assigning.queries import assignment_target, is_answering
from survey.assigning.targets import covered_questions
from survey.instrument.path import QuestionnairePath, resolve_path
from survey.instrument.schema import AnswerValue, CompiledInstrument
from survey.models import Assignment


@dataclass(frozen=True, slots=True)
class MovedPoints:
    """The paths of a response on both versions; open points that the move opens and closes, remarks aside.

    Of a contribution only those of its agency's parts.
    """

    before: QuestionnairePath
    after: QuestionnairePath
    opened: tuple[OpenPoint, ...]
    closed: tuple[OpenPoint, ...]


def compare_points(data: RoundData, plan: ResponsePlan) -> MovedPoints:
    """The open points that a move of a response opens and closes; no query."""
    marks = {item: answer.fields for item, answer in plan.data.answers.items()}
    before = resolve_path(data.old, merged_values(plan.data))
    after = resolve_path(data.new, plan.values)
    old = _find_points(data, before, [p for p in plan.data.proofs if not p.removed], marks)
    new = _find_points(data, after, plan.proofs, marks | {change.item: change.fields for change in plan.changes})
    if plan.data.response.agency_id is not None:
        asked = asked_questions(data, plan.data.response.agency_id)
        old, new = ({k: p for k, p in some.items() if p.question in asked} for some in (old, new))
    opened = tuple(point for key, point in new.items() if key not in old)
    return MovedPoints(before, after, opened, tuple(point for key, point in old.items() if key not in new))


def _find_points(
    data: RoundData, path: QuestionnairePath, proofs: Iterable[StoredProof], marks: Mapping[str, Mapping[str, object]]
) -> dict[str, OpenPoint]:
    files: dict[str, list[AttachedFile]] = {}
    for proof in proofs:
        files.setdefault(proof.file.address, []).append(proof.file)
    unsure = {i: str(f["note"]) or "–" for i, f in marks.items() if f["unsure"] and i in path.on_items}
    period = (data.round.period_from, data.round.period_to)
    return {p.key: p for p in find_open_points(path, files, period=period, unsure=unsure, comments={})}


def asked_questions(data: RoundData, agency: int) -> set[str]:
    """The questions of either version that an agency answers."""
    return {
        q for part in answered_parts(data, agency) for form in (data.old, data.new) for q in asked(data, form, part)
    }


def answered_parts(data: RoundData, agency: int) -> list[Assignment]:
    """The parts that an agency answers and has not declined."""
    declined = Assignment.State.DECLINED
    return [p for p in data.parts if p.agency_id == agency and is_answering(p) and p.state != declined]


def asked(data: RoundData, form: CompiledInstrument, part: Assignment) -> tuple[str, ...]:
    """The questions of a version that a part covers."""
    return covered_questions(form, assignment_target(data.source, part))


def marked_places(proofs: Iterable[StoredProof]) -> frozenset[str]:
    """Places with evidence that counts."""
    return frozenset(proof.file.address for proof in proofs if proof.file.marked)


def kept_values(plan: ResponsePlan) -> Mapping[str, AnswerValue]:
    """The stored values that stay in their answers, by address."""
    stored, values = merged_values(plan.data), plan.values
    return {address: value for address, value in stored.items() if values.get(address) == value}
