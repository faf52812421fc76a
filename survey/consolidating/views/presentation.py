"""The presenter of one question: turns comparison, choices and evidence into the views of the page."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from dgready.lazy_values import LazyValues
from dgready.same_objects import SameObjects
from dgready.templatetags.keep import digest_of
from dgready.thai import BE_OFFSET
from survey.consolidating.agency_answers import AgencyAnswer
from survey.consolidating.comparison import ComparisonNode, FieldComparison, RepeatComparison, RowComparison
from survey.consolidating.merge_choices import MergeChoices
from survey.consolidating.merge_decision import MergeDecision
from survey.consolidating.merge_options import FROM_PREFIX, MergeOption, merge_options
from survey.consolidating.round_consolidation import RoundConsolidation
from survey.consolidating.views.evidence import EvidenceCandidate
from survey.consolidating.views.evidence_selection import UNLISTED_PREFIX, group_by_place
from survey.consolidating.views.field_views import (
    MIN_FOR_ALL_BUT,
    AgencyChip,
    AgencyList,
    BuiltValue,
    EvidenceSummary,
    FieldView,
    MergeOptionView,
    PickedOptionView,
    RepeatView,
    RowView,
    UnlistedEvidence,
)
from survey.instrument.schema import AnswerValue
from survey.instrument.values import item_or_column_at
from survey.journal.event_texts import describe_address, describe_value, item_title


@dataclass(slots=True)
class QuestionPresenter:
    """Turns a comparison and the choices so far into the views that the templates show."""

    consolidation: RoundConsolidation
    decision: MergeDecision
    choices: MergeChoices
    candidates: Sequence[EvidenceCandidate]
    language: str
    preselected: Collection[str] = ()
    list_all: bool = True
    show_undecided: bool = False
    _answers: Mapping[int, AgencyAnswer] = field(init=False)
    _places: Mapping[str, Mapping[str, list[EvidenceCandidate]]] = field(init=False)
    _keys: tuple[int, ...] = field(init=False)
    _chips: Mapping[int, AgencyChip] = field(init=False)

    def __post_init__(self) -> None:
        self._keys = self.decision.comparison.keys
        answers = self.consolidation.agency_answers.get(self.decision.question, ())
        self._answers = {a.contribution: a for a in answers}
        self._chips = {a.contribution: AgencyChip(a.agency_code, a.agency, a.is_draft) for a in answers}
        places: dict[str, dict[str, list[EvidenceCandidate]]] = {}
        for proof in self.candidates:
            if proof.place:
                of_field = places.setdefault(proof.place.partition("=")[0], {})
                of_field.setdefault(proof.place, []).append(proof)
        self._places = places

    @property
    def shown_nodes(self) -> LazyValues:
        """`nodes` of a kept block, by what they are made of: comparison and merged values follow from the same."""
        question = self.decision.question
        answers = self.consolidation.agency_answers.get(question, ())
        own = self.consolidation.current_values(question)
        made_of = (question, self.choices, own, self.decision.merged.values, self.candidates, sorted(self.preselected))
        flags = (self.list_all, self.show_undecided, question in self.consolidation.decisions)
        state = SameObjects(self.consolidation.instrument, answers), digest_of((made_of, flags))
        return LazyValues(state, lambda: {"nodes": self.nodes})

    @property
    def nodes(self) -> tuple[FieldView | RepeatView, ...]:
        """Every field and repeat at the top of the question."""
        return self._nodes(self.decision.comparison.nodes)

    def _nodes(self, nodes: Iterable[ComparisonNode]) -> tuple[FieldView | RepeatView, ...]:
        return tuple(self._repeat_view(n) if isinstance(n, RepeatComparison) else self._field_view(n) for n in nodes)

    def agencies(self, keys: Iterable[int]) -> AgencyList:
        """The agencies behind a value."""
        known = [k for k in keys if k in self._chips]
        chips = tuple([self._chips[k] for k in known])
        contributions, named = self._keys, set(known)
        others = [self._answers[k].agency_code for k in contributions if k not in named]
        if len(contributions) < MIN_FOR_ALL_BUT or len(others) * 2 >= len(chips):
            return AgencyList(chips)
        return AgencyList(chips, len(contributions), " ".join(others))

    def _evidence_of(self, field: str) -> tuple[EvidenceSummary, ...]:
        """The evidence at a field's places, in the order of its options."""
        candidates_by_place = self._places.get(field, {})
        labels = {
            at: describe_address(self.consolidation.instrument, at, {}, self.language)[-1] if "=" in at else ""
            for at in candidates_by_place
        }
        owner = item_or_column_at(self.consolidation.instrument, field)
        order = list(owner.by_key) if owner else []
        ranked = sorted(
            candidates_by_place, key=lambda at: order.index(key) if (key := at.partition("=")[2]) in order else -1
        )
        return tuple(self._evidence_at(at, labels[at], candidates_by_place[at]) for at in ranked)

    def _evidence_at(self, place: str, label: str, proofs: Sequence[EvidenceCandidate]) -> EvidenceSummary:
        listed, unlisted = (proofs, []) if self.list_all else group_by_place(proofs)[place]
        if not unlisted:
            return EvidenceSummary(label, tuple(listed))
        return EvidenceSummary(
            label,
            tuple(listed),
            UnlistedEvidence(UNLISTED_PREFIX + place, len(unlisted), sum(p.id in self.preselected for p in unlisted)),
        )

    # -- fields -----------------------------------------------------------------------------------

    def _field_view(self, field: FieldComparison) -> FieldView:
        options = tuple(self._option_view(field, way) for way in merge_options(field))
        fixed = options[0] if field.in_row and field.is_settled else None
        return FieldView(
            address=field.address,
            label=self._label(field),
            kind=field.owner.kind,
            agreement=field.agreement,
            merge_options=options,
            picked_options=self._picked_options(field),
            typed=self._typed(field),
            error=self._error(field.address),
            evidence=self._evidence_of(field.address),
            fixed=fixed,
        )

    def _label(self, field: FieldComparison) -> str:
        if field.column is not None:
            row = dict(field.item.answer_rows).get(field.address.split("/")[-2])
            name = row.label.to(self.language) if row else ""
            return f"{name} – {field.column.label.to(self.language)}" if len(field.item.columns) > 1 else name
        return _("คำตอบ") if field.item.id == field.item.question else item_title(field.item, self.language)

    def _option_view(self, field: FieldComparison, option: MergeOption) -> MergeOptionView:
        text, hint = self._option_texts(field, option)
        picked = self.choices.picks.get(field.address, "")
        checked = picked == option.code
        if picked.startswith(FROM_PREFIX) and option.code.startswith(FROM_PREFIX):
            key = picked.removeprefix(FROM_PREFIX)
            checked = key.isascii() and key.isdigit() and int(key) in option.keys
        who = self.agencies(option.keys if option.code.startswith(FROM_PREFIX) else ())
        options = " ".join(option.value) if isinstance(option.value, list) else ""
        return MergeOptionView(option.code, text, hint, who, checked, options)

    def _option_texts(self, field: FieldComparison, option: MergeOption) -> tuple[str, str]:
        """The text of a merge option, and the hint beside it."""
        value_text = self._value(field, option.value)
        if field.owner.kind == "multi" and option.value is not None and option.code != "keep":
            count = _("%(count)d ตัวเลือก") % {"count": len(option.value)}
            return (_("รวมทุกตัวเลือกที่มีผู้เลือก"), count) if option.code == "union" else (count, "")
        match option.code:
            case "sum":
                return value_text, _("ผลรวมของ %(count)d หน่วยงาน") % {"count": len(option.keys)}
            case "join":
                return value_text, _("ต่อข้อความของทุกหน่วยงาน")
            case "keep":
                return value_text, _("คำตอบของ%(own)sที่มีอยู่") % self.consolidation.response.round.province.words
            case "edit":
                return _("เลือกเองจากรายการ") if field.owner.kind == "multi" else _("พิมพ์เอง"), ""
            case "none":
                return _("เว้นว่าง"), ""
        return value_text, ""

    def _value(self, field: FieldComparison, given: AnswerValue | None) -> str:
        return describe_value(self.consolidation.instrument, field.address, given, self.language)

    def _picked_options(self, field: FieldComparison) -> tuple[PickedOptionView, ...]:
        """For a field of several options: each picked option with its agencies, and whether the choices include it."""
        if field.owner.kind != "multi":
            return ()
        typed = self._typed(field)
        current = field.current or ()
        views = []
        for key, option in field.owner.by_key.items():
            keys = [k for o in field.proposals if key in o.value for k in o.keys]
            if keys or key in current:
                views.append(PickedOptionView(key, option.title.to(self.language), self.agencies(keys), key in typed))
        return tuple(views)

    def _typed(self, field: FieldComparison) -> tuple[str, ...]:
        """The content of the input for typing: what was typed, else the merged value."""
        if field.address in self.choices.typed:
            return self.choices.typed[field.address]
        merged_value = self.decision.merged.values.get(field.address)
        if merged_value is None:
            first_value = (
                field.current if field.current is not None else (field.proposals[0].value if field.proposals else "")
            )
            merged_value = first_value if field.owner.kind != "multi" else []
        if isinstance(merged_value, list):
            return tuple(merged_value)
        if field.owner.kind == "month_year" and len(merged_value) == len("2026-01"):
            return merged_value[5:], str(int(merged_value[:4]) + BE_OFFSET)
        return (merged_value,)

    def _error(self, address: str) -> str:
        merged = self.decision.merged
        for invalid in merged.invalid:
            if invalid.address == address:
                return invalid.message(self.language)
        return _("ยังไม่ได้เลือก") if self.show_undecided and address in merged.undecided else ""

    # -- rows -------------------------------------------------------------------------------------

    def _repeat_view(self, repeat: RepeatComparison) -> RepeatView:
        ids = self.choices.rows.get(repeat.address, ())
        rows = tuple(self._row_view(n, row, row.id in ids) for n, row in enumerate(repeat.rows, 1))
        label = item_title(repeat.item, self.language)
        return RepeatView(repeat.address, label, rows, repeat.item.max_rows, self._error(repeat.address))

    def _row_view(self, number: int, row: RowComparison, checked: bool) -> RowView:
        proofs = self._evidence_of(row.place)
        return RowView(
            row.id,
            number,
            checked,
            self.agencies(row.keys),
            self._row_note(row),
            bool(row.similar) or row.is_repeated,
            self._nodes(row.nodes),
            proofs,
        )

    def _row_note(self, row: RowComparison) -> str:
        known = self.decision.question in self.consolidation.decisions
        if not row.keys:
            return (
                _("ไม่มีในคำตอบของหน่วยงานแล้ว")
                if known
                else _("%(own)sกรอกเอง") % self.consolidation.response.round.province.words
            )
        return _("ใหม่") if known and not row.is_current else ""

    # -- the answer being built -------------------------------------------------------------------

    @property
    def built(self) -> list[BuiltValue]:
        """The answer as it would be saved, value by value."""
        instrument, values = self.consolidation.instrument, self.decision.values
        built_values = []
        for address, given in values.items():
            if not self._is_repeat(address):
                label = " › ".join(describe_address(instrument, address, values, self.language)) or _("คำตอบ")
                keys = self.decision.merged.sources.get(address, ())
                each = given if isinstance(given, list) else [given]
                texts = tuple(
                    describe_value(instrument, address, [g] if len(each) > 1 else given, self.language) for g in each
                )
                built_values.append(BuiltValue(label, texts, self.agencies(keys)))
        return built_values

    def _is_repeat(self, address: str) -> bool:
        return any(r.address == address for r in self.decision.comparison.repeats)

    @property
    def missing(self) -> list[str]:
        """Required fields that the answer opens and leaves empty, in words."""
        path = self.consolidation.path_with({self.decision.question: self.decision.values})
        return [
            " › ".join(describe_address(self.consolidation.instrument, f.address, path.values, self.language))
            or _("คำตอบ")
            for f in path.missing()
            if f.question == self.decision.question
        ]

    def unproven(self, marked: Collection[str]) -> list[str]:
        """Evidence places that the answer opens and nothing marked lies at, in words. `marked`: places with some."""
        path = self.consolidation.path_with({self.decision.question: self.decision.values})
        return [
            " › ".join(describe_address(self.consolidation.instrument, p.address, path.values, self.language))
            or _("คำตอบ")
            for p in path.places.values()
            if p.question == self.decision.question and p.address not in marked and not (p.url and p.url in path.values)
        ]
