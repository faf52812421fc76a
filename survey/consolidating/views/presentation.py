"""What the page of one question shows: contributions side by side, the choices, and the answer they build."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from dgready.thai import BE_OFFSET
from survey.consolidating.compare import ComparisonNode, FieldComparison, RepeatComparison, RowComparison
from survey.consolidating.merge import FROM_PREFIX, MergeChoices, MergeOption, merge_options
from survey.consolidating.queries import AgencyAnswer, MergeDecision, RoundConsolidation
from survey.consolidating.views.evidence import UNLISTED_PREFIX, EvidenceCandidate, group_by_place
from survey.instrument.schema import AnswerValue
from survey.instrument.values import item_or_column_at
from survey.journal.event_texts import describe_address, describe_value, item_title


@dataclass(frozen=True, slots=True)
class AgencyChip:
    """An agency as a chip."""

    code: str
    name: str
    draft: bool


@dataclass(frozen=True, slots=True)
class AgencyList:
    """The agencies behind a value, as short as can be said: everybody (but some), codes, or names where few."""

    some: tuple[AgencyChip, ...]
    everybody: int = 0
    but: str = ""

    @property
    def few(self) -> bool:
        """Whether there is room for names."""
        return len(self.some) <= FEW

    @property
    def codes(self) -> str:
        """The codes of those whose answer is final."""
        return " ".join(w.code for w in self.some if not w.draft)

    @property
    def drafts(self) -> tuple[AgencyChip, ...]:
        """Those still at work on it."""
        return tuple(w for w in self.some if w.draft)

    def __bool__(self) -> bool:
        return bool(self.some)


FEW, MOST = 2, 5  # names are written out up to FEW; from MOST on "all but" is said where that is shorter


@dataclass(frozen=True, slots=True)
class EvidenceSummary:
    """The evidence at one place: of a picked option (then its label), or of the field itself."""

    label: str
    proofs: tuple[EvidenceCandidate, ...]
    rest: UnlistedEvidence | None = None


@dataclass(frozen=True, slots=True)
class UnlistedEvidence:
    """Evidence at a place that is not listed one by one: how much, and how much of it the answer begins with."""

    key: str
    count: int
    begins: int


@dataclass(frozen=True, slots=True)
class MergeOptionView:
    """One thing a field can become, as a radio. `options`: those it picks, for the page's script."""

    code: str
    text: str
    hint: str
    who: AgencyList
    checked: bool
    options: str = ""


@dataclass(frozen=True, slots=True)
class PickedOptionView:
    """An option somebody picked, with all who did."""

    key: str
    label: str
    who: AgencyList
    checked: bool


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field: who gives what, and what it can become. `fixed`: nothing to choose, only to read."""

    address: str
    label: str
    kind: str
    standing: str
    ways: tuple[MergeOptionView, ...]
    options: tuple[PickedOptionView, ...]
    typed: tuple[str, ...]
    error: str
    proofs: tuple[EvidenceSummary, ...]
    fixed: MergeOptionView | None = None

    @property
    def is_repeat(self) -> bool:
        """For the template, which shows lines and repeats alike."""
        return False

    @property
    def agrees(self) -> bool:
        """Whether all say the same and that is what is chosen."""
        return self.standing == "agree" and not self.error and self.ways[0].checked

    @property
    def edits(self) -> MergeOptionView | None:
        """The way of typing, where there is one."""
        return next((w for w in self.ways if w.code == "edit"), None)


@dataclass(frozen=True, slots=True)
class RowView:
    """A row that can be taken."""

    id: str
    number: int
    checked: bool
    who: AgencyList
    note: str
    similar: bool
    nodes: tuple[FieldView | RepeatView, ...]
    proofs: tuple[EvidenceSummary, ...]


@dataclass(frozen=True, slots=True)
class RepeatView:
    """A repeat with its rows."""

    address: str
    label: str
    rows: tuple[RowView, ...]
    limit: int | None
    error: str

    @property
    def is_repeat(self) -> bool:
        """For the template."""
        return True

    @property
    def taken(self) -> int:
        """How many rows are ticked."""
        return sum(r.checked for r in self.rows)


@dataclass(frozen=True, slots=True)
class BuiltValue:
    """One value of the answer being built."""

    where: str
    texts: tuple[str, ...]
    who: AgencyList


@dataclass(slots=True)
class QuestionPresenter:
    """Turns a comparison and the choices so far into what is shown."""

    book: RoundConsolidation
    decision: MergeDecision
    choices: MergeChoices
    proofs: Sequence[EvidenceCandidate]
    language: str
    begins: Collection[str] = ()
    whole: bool = True
    tried: bool = False
    _parts: Mapping[int, AgencyAnswer] = field(init=False)
    _places: Mapping[str, Mapping[str, list[EvidenceCandidate]]] = field(init=False)

    def __post_init__(self) -> None:
        self._parts = {p.response: p for p in self.book.parts.get(self.decision.question, ())}
        places: dict[str, dict[str, list[EvidenceCandidate]]] = {}
        for proof in self.proofs:
            if proof.place:
                of_field = places.setdefault(proof.place.partition("=")[0], {})
                of_field.setdefault(proof.place, []).append(proof)
        self._places = places

    @property
    def nodes(self) -> tuple[FieldView | RepeatView, ...]:
        """Every field and repeat at the top of the question."""
        return self._nodes(self.decision.comparison.nodes)

    def _nodes(self, nodes: Iterable[ComparisonNode]) -> tuple[FieldView | RepeatView, ...]:
        return tuple(self._repeat(n) if isinstance(n, RepeatComparison) else self._line(n) for n in nodes)

    def who(self, keys: Iterable[int]) -> AgencyList:
        """The agencies behind a value."""
        parts = [self._parts[k] for k in keys if k in self._parts]
        some = tuple(AgencyChip(p.code, p.agency, p.is_draft) for p in parts)
        given = self.decision.comparison.keys
        but = [self._parts[k].code for k in given if self._parts[k] not in parts]
        if len(given) < MOST or len(but) * 2 >= len(some):
            return AgencyList(some)
        return AgencyList(some, len(given), " ".join(but))

    def _shelved(self, field: str) -> tuple[EvidenceSummary, ...]:
        """The evidence at a field's places, in the order of its options."""
        found = self._places.get(field, {})
        words = {
            at: describe_address(self.book.instrument, at, {}, self.language)[-1] if "=" in at else "" for at in found
        }
        owner = item_or_column_at(self.book.instrument, field)
        order = list(owner.by_key) if owner else []
        ranked = sorted(found, key=lambda at: order.index(key) if (key := at.partition("=")[2]) in order else -1)
        return tuple(self._one_place(at, words[at], found[at]) for at in ranked)

    def _one_place(self, at: str, label: str, proofs: Sequence[EvidenceCandidate]) -> EvidenceSummary:
        shown, rest = (proofs, []) if self.whole else group_by_place(proofs)[at]
        if not rest:
            return EvidenceSummary(label, tuple(shown))
        return EvidenceSummary(
            label,
            tuple(shown),
            UnlistedEvidence(UNLISTED_PREFIX + at, len(rest), sum(p.id in self.begins for p in rest)),
        )

    # -- fields -----------------------------------------------------------------------------------

    def _line(self, line: FieldComparison) -> FieldView:
        shown = tuple(self._way(line, way) for way in merge_options(line))
        fixed = shown[0] if line.in_row and line.is_settled else None
        return FieldView(
            address=line.address,
            label=self._label(line),
            kind=line.owner.kind,
            standing=line.standing,
            ways=shown,
            options=self._options(line),
            typed=self._typed(line),
            error=self._error(line.address),
            proofs=self._shelved(line.address),
            fixed=fixed,
        )

    def _label(self, line: FieldComparison) -> str:
        if line.column is not None:
            row = dict(line.item.answer_rows).get(line.address.split("/")[-2])
            name = row.label.to(self.language) if row else ""
            return f"{name} – {line.column.label.to(self.language)}" if len(line.item.columns) > 1 else name
        return _("คำตอบ") if line.item.id == line.item.question else item_title(line.item, self.language)

    def _way(self, line: FieldComparison, way: MergeOption) -> MergeOptionView:
        text, hint = self._words(line, way)
        pick = self.choices.picks.get(line.address, "")
        checked = pick == way.code
        if pick.startswith(FROM_PREFIX) and way.code.startswith(FROM_PREFIX):
            key = pick.removeprefix(FROM_PREFIX)
            checked = key.isascii() and key.isdigit() and int(key) in way.keys
        who = self.who(way.keys if way.code.startswith(FROM_PREFIX) else ())
        options = " ".join(way.value) if isinstance(way.value, list) else ""
        return MergeOptionView(way.code, text, hint, who, checked, options)

    def _words(self, line: FieldComparison, way: MergeOption) -> tuple[str, str]:
        """What a way says, and what it is."""
        given = self._value(line, way.value)
        if line.owner.kind == "multi" and way.value is not None and way.code != "keep":
            count = _("%(count)d ตัวเลือก") % {"count": len(way.value)}
            return (_("รวมทุกตัวเลือกที่มีผู้เลือก"), count) if way.code == "union" else (count, "")
        return {
            "sum": (given, _("ผลรวมของ %(count)d หน่วยงาน") % {"count": len(way.keys)}),
            "join": (given, _("ต่อข้อความของทุกหน่วยงาน")),
            "keep": (given, _("คำตอบของจังหวัดที่มีอยู่")),
            "edit": (_("เลือกเองจากรายการ") if line.owner.kind == "multi" else _("พิมพ์เอง"), ""),
            "none": (_("เว้นว่าง"), ""),
        }.get(way.code, (given, ""))

    def _value(self, line: FieldComparison, given: AnswerValue | None) -> str:
        return describe_value(self.book.instrument, line.address, given, self.language)

    def _options(self, line: FieldComparison) -> tuple[PickedOptionView, ...]:
        """Of options that several may pick: each with everybody who did, and whether the choice has it."""
        if line.owner.kind != "multi":
            return ()
        typed = self._typed(line)
        current = line.current or ()
        out = []
        for key, option in line.owner.by_key.items():
            keys = [k for o in line.offers if key in o.value for k in o.keys]
            if keys or key in current:
                out.append(PickedOptionView(key, option.label.to(self.language), self.who(keys), key in typed))
        return tuple(out)

    def _typed(self, line: FieldComparison) -> tuple[str, ...]:
        """What stands in the field for typing: what was typed, else what the choice makes."""
        if line.address in self.choices.typed:
            return self.choices.typed[line.address]
        made = self.decision.merged.values.get(line.address)
        if made is None:
            first = line.current if line.current is not None else (line.offers[0].value if line.offers else "")
            made = first if line.owner.kind != "multi" else []
        if isinstance(made, list):
            return tuple(made)
        if line.owner.kind == "month_year" and len(made) == len("2026-01"):
            return made[5:], str(int(made[:4]) + BE_OFFSET)
        return (made,)

    def _error(self, address: str) -> str:
        merged = self.decision.merged
        for invalid in merged.invalid:
            if invalid.address == address:
                return invalid.say(self.language)
        return _("ยังไม่ได้เลือก") if self.tried and address in merged.undecided else ""

    # -- rows -------------------------------------------------------------------------------------

    def _repeat(self, repeat: RepeatComparison) -> RepeatView:
        ids = self.choices.rows.get(repeat.address, ())
        rows = tuple(self._row(n, row, row.id in ids) for n, row in enumerate(repeat.rows, 1))
        label = item_title(repeat.item, self.language)
        return RepeatView(repeat.address, label, rows, repeat.item.max_rows, self._error(repeat.address))

    def _row(self, number: int, row: RowComparison, checked: bool) -> RowView:
        proofs = self._shelved(row.place)
        return RowView(
            row.id,
            number,
            checked,
            self.who(row.keys),
            self._note(row),
            bool(row.similar) or row.again,
            self._nodes(row.nodes),
            proofs,
        )

    def _note(self, row: RowComparison) -> str:
        known = self.decision.question in self.book.records
        if not row.keys:
            return _("ไม่มีในคำตอบของหน่วยงานแล้ว") if known else _("จังหวัดกรอกเอง")
        return _("ใหม่") if known and not row.stands else ""

    # -- the answer being built -------------------------------------------------------------------

    @property
    def built(self) -> list[BuiltValue]:
        """The answer as it would be saved, value by value."""
        instrument, values = self.book.instrument, self.decision.values
        out = []
        for address, given in values.items():
            if not self._is_rows(address):
                where = " › ".join(describe_address(instrument, address, values, self.language)) or _("คำตอบ")
                keys = self.decision.merged.sources.get(address, ())
                each = given if isinstance(given, list) else [given]
                texts = tuple(
                    describe_value(instrument, address, [g] if len(each) > 1 else given, self.language) for g in each
                )
                out.append(BuiltValue(where, texts, self.who(keys)))
        return out

    def _is_rows(self, address: str) -> bool:
        return any(r.address == address for r in self.decision.comparison.repeats)

    @property
    def missing(self) -> list[str]:
        """Required fields that the answer opens and leaves empty, in words."""
        path = self.book.with_values({self.decision.question: self.decision.values})
        return [
            " › ".join(describe_address(self.book.instrument, f.address, path.values, self.language)) or _("คำตอบ")
            for f in path.missing()
            if f.question == self.decision.question
        ]

    def unproven(self, marked: Collection[str]) -> list[str]:
        """Evidence places that the answer opens and nothing marked lies at, in words. `marked`: places with some."""
        path = self.book.with_values({self.decision.question: self.decision.values})
        return [
            " › ".join(describe_address(self.book.instrument, p.address, path.values, self.language)) or _("คำตอบ")
            for p in path.places.values()
            if p.question == self.decision.question and p.address not in marked and not (p.url and p.url in path.values)
        ]
