"""What changed in a provincial answer since an event: field by field in words, evidence added and removed, and who."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.utils.translation import gettext as _

from survey.answering.queries import response_state
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import AnswerValue, CompiledInstrument
from survey.journal.event_texts import FieldChange, describe_address, describe_answer_changes
from survey.models import Event, Response

EvidenceChangeKind = Literal["added", "removed", "changed"]
ARRIVING_VERBS = frozenset({"evidence.attach", "evidence.adopt", "evidence.restore"})


@dataclass(frozen=True, slots=True)
class EvidenceChange:
    """A file or web address that was added, removed, or given another date or marks; `place` in words."""

    kind: EvidenceChangeKind
    name: str
    place: str


@dataclass(frozen=True, slots=True)
class QuestionChanges:
    """The changes of one question since: its fields from the old to the new value, its evidence, who and when last."""

    question: str
    section: str
    code: str
    title: str
    fields: tuple[FieldChange, ...]
    evidence: tuple[EvidenceChange, ...]
    by: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class AnswerChanges:
    """All changes since an event: questions in the order of the form, and scores from outside."""

    questions: tuple[QuestionChanges, ...]
    externals: tuple[FieldChange, ...]

    def __bool__(self) -> bool:
        return bool(self.questions or self.externals)


def describe_changes(response: Response, events: Collection[Event], language: str) -> AnswerChanges:
    """What events of answers, evidence and outside scores come to, oldest first; what was changed back is none.

    One query or none.
    """
    if not events:
        return AnswerChanges((), ())
    instrument = compiled_instrument(response.round.instrument)
    by_question: dict[str, list[Event]] = {}
    for event in events:
        if event.question is not None:
            by_question.setdefault(event.question.item_id, []).append(event)
    current = response_state(response).values
    found = (
        _question_changes(instrument, question.id, by_question[question.id], current, language)
        for question in instrument.questions
        if question.id in by_question
    )
    externals = _external_changes(e for e in events if e.verb.startswith("external."))
    return AnswerChanges(tuple(q for q in found if q.fields or q.evidence), tuple(externals))


def _question_changes(
    instrument: CompiledInstrument,
    question: str,
    events: list[Event],
    current: Mapping[str, AnswerValue],
    language: str,
) -> QuestionChanges:
    answered = [e for e in events if e.verb.startswith("answer.")]
    fields = tuple(describe_answer_changes(instrument, _net_change(answered), current, language))
    # That a passage was looked for in its file is nobody's change.
    proofs = [e for e in events if e.verb.startswith("evidence.") and e.verb != "evidence.check"]
    item = instrument.items[question]
    return QuestionChanges(
        question,
        item.section,
        item.code or question,
        item.ask.to(language),
        fields,
        tuple(_evidence_changes(instrument, proofs, current, language)),
        tuple(dict.fromkeys(e.by.get_full_name() for e in events if e.by)),
        events[-1].at,
    )


def _net_change(events: Iterable[Event]) -> dict[str, Any]:
    """Several events of one answer as one: before the first of them, after the last of them."""
    first: dict[str, AnswerValue | None] = {}
    last: dict[str, AnswerValue | None] = {}
    marks: dict[str, list[Any]] = {}
    for event in events:
        before, after = event.data.get("before", {}), event.data.get("after", {})
        for address in dict.fromkeys([*before, *after]):
            first.setdefault(address, before.get(address))
            last[address] = after.get(address)
        for key in ("unsure", "note"):
            if key in event.data:
                old, new = event.data[key]
                marks[key] = [marks[key][0] if key in marks else old, new]
    changed = [address for address in last if first[address] != last[address]]
    return {
        "before": {a: first[a] for a in changed if first[a] is not None},
        "after": {a: last[a] for a in changed if last[a] is not None},
        **{key: pair for key, pair in marks.items() if pair[0] != pair[1]},
    }


def _evidence_changes(
    instrument: CompiledInstrument, events: Iterable[Event], current: Mapping[str, AnswerValue], language: str
) -> Iterator[EvidenceChange]:
    by_attachment: dict[str, list[Event]] = {}
    for event in events:
        by_attachment.setdefault(event.data.get("attachment", ""), []).append(event)
    for some in by_attachment.values():
        kind = _evidence_change_kind([e.verb for e in some])
        data = some[-1].data
        if kind:
            place = describe_address(instrument, data.get("address", ""), current, language)
            yield EvidenceChange(kind, data.get("name", ""), " › ".join(place))


def _evidence_change_kind(verbs: list[str]) -> EvidenceChangeKind | None:
    """What the events of one attachment come to; None when it came and went."""
    here_before = verbs[0] not in ARRIVING_VERBS
    moves = [v for v in verbs if v in ARRIVING_VERBS or v == "evidence.remove"]
    here_now = moves[-1] in ARRIVING_VERBS if moves else here_before
    if here_now:
        return "changed" if here_before else "added"
    return "removed" if here_before else None


def _external_changes(events: Iterable[Event]) -> Iterator[FieldChange]:
    """Scores from outside that were entered, changed or removed, by sub-pillar."""
    first: dict[str, Mapping[str, str]] = {}
    last: dict[str, Mapping[str, str]] = {}
    for event in events:
        code = event.data.get("sub_pillar", "")
        first.setdefault(code, event.data.get("before", {}))
        last[code] = event.data.get("after", {})
    for code, after in last.items():
        if first[code] != after:
            label = _("คะแนนจากภายนอก %(code)s") % {"code": code}
            yield FieldChange(label, *(_external_text(side) for side in (first[code], after)))


def _external_text(side: Mapping[str, str]) -> str:
    if not side:
        return ""
    mark = f" ({_('ยังไม่ใช่ผลจริง')})" if side.get("origin") == "assumed" else ""
    return f"{side.get('score', '')}{mark} ({side.get('source', '')})"
