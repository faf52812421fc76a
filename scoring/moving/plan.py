"""What a move makes of a response: answers that change, and what is kept aside or comes back. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from evidence.places import find_place
from scoring.moving.fit import FormFit, fit_values
from scoring.moving.round_state import ResponseData, RoundData, StoredAnswer, StoredProof, merged_values
from survey.assigning.queries import assignment_target
from survey.assigning.targets import covered_questions
from survey.instrument.schema import AnswerValue, CompiledInstrument
from survey.instrument.values import item_or_column_at
from survey.models import Assignment


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """An answer that a move changes: to which question, as it is stored (None: none yet), as it will be."""

    item: str
    stored: StoredAnswer | None
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ResponsePlan:
    """What a move makes of one response.

    `aside`: values that leave their answers for want of a place, by address; `kept`: questions that go, whose answers
    stay as they are beside the form; `back`: addresses put aside by an earlier move that come back.
    """

    data: ResponseData
    fit: FormFit
    changes: tuple[AnswerChange, ...]
    aside: Mapping[str, AnswerValue]
    kept: tuple[str, ...]
    back: tuple[str, ...]
    proofs_aside: tuple[StoredProof, ...]
    proofs_back: tuple[StoredProof, ...]
    comments_aside: Mapping[int, str]
    comments_back: Mapping[int, str]

    @property
    def values(self) -> dict[str, AnswerValue]:
        """The values after the move, by address."""
        return {address: value for some in self.fit.values.values() for address, value in some.items()}

    @property
    def proofs(self) -> list[StoredProof]:
        """The attachments that stand after the move."""
        aside = {proof.pk for proof in self.proofs_aside}
        return [p for p in self.data.proofs if not p.removed and p.pk not in aside] + list(self.proofs_back)


def plan_response(round_data: RoundData, data: ResponseData) -> ResponsePlan:
    """What the move makes of a response of the round; no query."""
    new = round_data.new
    stored = merged_values(data)
    earlier = {address: value for address, value in _put_aside(data, "answers").items() if address not in stored}
    fit = fit_values(new, {**earlier, **stored})
    questions = {question.id for question in new.questions}
    kept = tuple(item for item in data.answers if item not in questions)
    on_kept = {address for item in kept for address in data.answers[item].fields["value"]}
    comments_back = {
        int(key): item
        for key, item in _put_aside(data, "comments").items()
        if item in questions and data.comments.get(int(key)) == ""
    }
    return ResponsePlan(
        data=data,
        fit=fit,
        changes=tuple(_answer_changes(round_data, data, fit)),
        aside={a: v for a, v in fit.aside.items() if a in stored and a not in on_kept},
        kept=kept,
        back=tuple(a for a in earlier if a not in fit.aside),
        proofs_aside=tuple(p for p in data.proofs if not p.removed and not _has_place(new, p)),
        proofs_back=tuple(_proofs_back(new, data)),
        comments_aside={pk: item for pk, item in data.comments.items() if item and item not in questions},
        comments_back=comments_back,
    )


def _put_aside(data: ResponseData, kind: str) -> dict[str, Any]:
    """What earlier moves put aside and none has brought back."""
    found: dict[str, Any] = {}
    for told in data.moves:
        for key in told[kind]["back"]:
            found.pop(key, None)
        found |= told[kind]["aside"]
    return found


def _has_place(form: CompiledInstrument, proof: StoredProof) -> bool:
    place = find_place(form, proof.file.address)
    return place is not None and place.question == proof.item


def _proofs_back(form: CompiledInstrument, data: ResponseData) -> Iterator[StoredProof]:
    """Attachments that an earlier move put aside and whose place is there again; not where the same is attached."""
    aside = _put_aside(data, "evidence")
    standing = {(p.file.address, p.content) for p in data.proofs if not p.removed}
    for proof in data.proofs:
        where = (proof.file.address, proof.content)
        if proof.removed and proof.public_id in aside and _has_place(form, proof) and where not in standing:
            standing.add(where)
            yield proof


def _answer_changes(round_data: RoundData, data: ResponseData, fit: FormFit) -> Iterator[AnswerChange]:
    for question in round_data.new.questions:
        stored = data.answers.get(question.id)
        before = stored.fields if stored else {"value": {}, "unsure": False, "note": ""}
        after = {**before, "value": dict(fit.values.get(question.id, {}))}
        gone = stored is not None and any(address in fit.gone_options for address in after["value"])
        if gone and not before["unsure"]:
            after |= {"unsure": True, "note": _gone_option_note(round_data)}
        if after != before:
            yield AnswerChange(question.id, stored, after)


def _gone_option_note(round_data: RoundData) -> str:
    """What the mark on an answer says whose option is gone; stored, so in Thai."""
    return f"ตัวเลือกที่ตอบไว้ไม่มีในแบบสำรวจฉบับที่ {round_data.new.version} โปรดเลือกใหม่"


def option_labels(form: CompiledInstrument, address: str, keys: tuple[str, ...], language: str) -> list[str]:
    """The names of options of a form, their keys where it has none such."""
    owner = item_or_column_at(form, address)
    by_key = owner.by_key if owner is not None else {}
    return [by_key[key].label.to(language) if key in by_key else key for key in keys]


def parts_without_place(data: RoundData) -> list[Assignment]:
    """Assignments of what the other version does not have."""
    return [part for part in data.parts if not _has_part(data, part)]


def _has_part(data: RoundData, part: Assignment) -> bool:
    form, target = data.new, assignment_target(data.source, part)
    if not covered_questions(form, target):
        return False
    item = form.items.get(target.item) if target.item else None
    return not target.item or (item is not None and item.question == target.question)
