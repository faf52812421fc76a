"""Choosing, address by address, what the provincial answer becomes, and where each value came from. PURE.

A choice for a field is `from:KEY` (that contribution's value), `union`, `sum`, `join`, `edit` (what was typed),
`keep` (what the province has) or `none` (empty); for a repeat it is the list of rows to take.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from dgready.thai import fold_text
from survey.consolidating.compare import (
    ComparisonNode,
    Contribution,
    FieldComparison,
    QuestionComparison,
    RepeatComparison,
    RowComparison,
    compare_contributions,
)
from survey.consolidating.repeat_rows import comparison_key
from survey.instrument.addresses import item_id_of
from survey.instrument.path import resolve_path
from survey.instrument.schema import AnswerValue, AnswerValues, CompiledInstrument, Item
from survey.instrument.values import MAX_TEXT_LENGTH, InvalidField, drop_empty_rows, parse_posted_card

FROM_PREFIX = "from:"
MergeMethod = Literal["take", "agreed", "merge", "edit"]
EDITABLE_KINDS = frozenset({"text", "url", "number", "month_year", "multi"})


@dataclass(frozen=True, slots=True)
class MergeChoices:
    """What was decided: a way per field, what was typed, the rows taken, and the rows seen and left out."""

    picks: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rows: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    left: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def json(self) -> dict[str, Any]:
        """As stored."""
        lists = {"typed": self.typed, "rows": self.rows, "left": self.left}
        return {"picks": dict(self.picks), **{k: {a: list(v) for a, v in m.items()} for k, m in lists.items()}}

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> MergeChoices:
        """From what was stored."""
        lists = {k: {a: tuple(v) for a, v in data.get(k, {}).items()} for k in ("typed", "rows", "left")}
        return cls(dict(data.get("picks", {})), **lists)


@dataclass(frozen=True, slots=True)
class MergeOption:
    """One thing a field can become: its code, the value (None: empty, or yet to be typed), whose it is."""

    code: str
    value: AnswerValue | None
    keys: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class MergedAnswer:
    """The answer that the choices make; `sources` names the contributions behind every address."""

    values: dict[str, AnswerValue]
    sources: dict[str, tuple[int, ...]]
    undecided: tuple[str, ...]
    invalid: tuple[InvalidField, ...]
    edited: frozenset[str]

    @property
    def is_whole(self) -> bool:
        """Whether it could be saved."""
        return not self.undecided and not self.invalid


# -- what a field can become ----------------------------------------------------------------------


def merge_options(line: FieldComparison) -> tuple[MergeOption, ...]:
    """Everything the field can become, the contributions' own values first. None is better than another."""
    out = [MergeOption(f"{FROM_PREFIX}{o.keys[0]}", o.value, o.keys) for o in line.offers]
    makers = {"multi": ("union", _union_options), "number": ("sum", _sum_numbers), "text": ("join", _join_texts)}
    if line.owner.kind in makers:
        code, make = makers[line.owner.kind]
        value = make(line)
        if value is not None:
            out.append(MergeOption(code, value, line.givers))
    if line.current is not None and not line.stands:
        out.append(MergeOption("keep", line.current))
    if line.owner.kind in EDITABLE_KINDS:
        out.append(MergeOption("edit", None, line.givers))
    out.append(MergeOption("none", None))
    return tuple(out)


def _union_options(line: FieldComparison) -> AnswerValue | None:
    """All options anybody picked. "None of these" of one agency does not hold for the province if another has some."""
    if len(line.offers) < 2:
        return None
    picked = {key for o in line.offers for key in o.value}
    some = [key for key, option in line.owner.by_key.items() if key in picked and not option.exclusive]
    return some or None


def _sum_numbers(line: FieldComparison) -> AnswerValue | None:
    if len(line.givers) < 2:
        return None
    try:
        total = sum((Decimal(str(o.value)) * len(o.keys) for o in line.offers), Decimal(0))
    except InvalidOperation:
        return None
    limit = line.owner.maximum if isinstance(line.owner, Item) else None
    if limit is not None and total > Decimal(limit):
        return None
    return f"{total.normalize() if total else Decimal(0):f}"


def _join_texts(line: FieldComparison) -> AnswerValue | None:
    """The texts one under the other."""
    if len(line.offers) < 2 or (isinstance(line.owner, Item) and line.owner.format):
        return None
    text = "\n".join(str(o.value) for o in line.offers)
    return text if len(text) <= MAX_TEXT_LENGTH else None


# -- choices to begin with ------------------------------------------------------------------------


def propose_choices(comparison: QuestionComparison, before: MergeChoices | None = None) -> MergeChoices:
    """Where a decision begins: as it was decided `before`, what stands, what nobody contradicts; the rest is open."""
    old = before or MergeChoices()
    picks = {n.address: code for n in comparison.lines if (code := _proposed_option(n, old))}
    typed = {a: old.typed[a] for a, code in picks.items() if code == "edit" and a in old.typed}
    rows = {r.address: _proposed_rows(r, old) for r in comparison.repeats}
    return MergeChoices(picks, typed, rows)


def _proposed_option(line: FieldComparison, old: MergeChoices) -> str:
    known = {w.code for w in merge_options(line)}
    code = old.picks.get(line.address, "")
    if code.startswith(FROM_PREFIX) and (offer := line.offer_of(int(code.removeprefix(FROM_PREFIX)))):
        return f"{FROM_PREFIX}{offer.keys[0]}"
    if code in known and not code.startswith(FROM_PREFIX) and (code != "edit" or line.address in old.typed):
        return code
    if offer := line.offer_like(line.current):
        return f"{FROM_PREFIX}{offer.keys[0]}"
    if line.current is not None:
        return "keep"
    return f"{FROM_PREFIX}{line.offers[0].keys[0]}" if len(line.offers) == 1 else ""


def _proposed_rows(repeat: RepeatComparison, old: MergeChoices) -> tuple[str, ...]:
    """The rows that stand, and the new ones unless they were left out before or are too many."""
    left = old.left.get(repeat.address, ())
    standing = [r.id for r in repeat.rows if r.stands]
    new = [r.id for r in repeat.rows if not r.stands and not r.again and r.id not in left]
    limit = repeat.item.max_rows
    return tuple(standing if limit is not None and len(standing) + len(new) > limit else [*standing, *new])


def take_contribution(comparison: QuestionComparison, key: int) -> MergeChoices:
    """One contribution as it is, and nothing else."""
    picks = {n.address: _option_of_contribution(n, key) for n in comparison.lines}
    rows = {r.address: tuple(row.id for row in r.rows if key in row.keys) for r in comparison.repeats}
    return MergeChoices(picks, {}, rows)


def _option_of_contribution(line: FieldComparison, key: int) -> str:
    return f"{FROM_PREFIX}{key}" if line.offer_of(key) else "none"


def unite_contributions(comparison: QuestionComparison) -> MergeChoices:
    """Everything that can be put together without choosing: options, texts and rows; the rest as `preset`."""
    base = propose_choices(comparison)
    whole = {n.address: w.code for n in comparison.lines for w in merge_options(n) if w.code in ("union", "join")}
    rows = {r.address: tuple(row.id for row in r.rows if not row.again) for r in comparison.repeats}
    return MergeChoices({**base.picks, **whole}, base.typed, rows)


# -- the answer they make -------------------------------------------------------------------------


@dataclass(slots=True)
class _Merger:
    choices: MergeChoices
    submitted: dict[str, Sequence[str]] = field(default_factory=dict)
    sources: dict[str, tuple[int, ...]] = field(default_factory=dict)
    undecided: list[str] = field(default_factory=list)
    edited: set[str] = field(default_factory=set)

    def nodes(self, nodes: Sequence[ComparisonNode]) -> None:
        for node in nodes:
            if isinstance(node, RepeatComparison):
                self.repeat(node)
            else:
                self.line(node)

    def repeat(self, repeat: RepeatComparison) -> None:
        wanted = self.choices.rows.get(repeat.address, ())
        order = {r: n for n, r in enumerate(wanted)}
        rows = sorted((r for r in repeat.rows if r.id in order), key=lambda r: order[r.id])
        if rows:
            self.submitted[repeat.address] = [r.id for r in rows]
            self.sources[repeat.address] = tuple(sorted({k for r in rows for k in r.keys}))
        for row in rows:
            self.nodes(row.nodes)

    def line(self, line: FieldComparison) -> None:
        code = self.choices.picks.get(line.address, "")
        if not code and line.in_row and line.is_settled:
            code = f"{FROM_PREFIX}{line.offers[0].keys[0]}"
        if code == "edit":
            self.edit(line, self.choices.typed.get(line.address, ()))
        elif code.startswith(FROM_PREFIX):
            self.given(line, code.removeprefix(FROM_PREFIX))
        elif (way := next((w for w in merge_options(line) if w.code == code), None)) is None:
            self.undecided.append(line.address)
        elif way.value is not None:
            self.put(line.address, way.value, way.keys)

    def edit(self, line: FieldComparison, typed: Sequence[str]) -> None:
        """What was typed; behind it stand those who gave something to this field, of options those picked."""
        like = line.offer_like(typed[0]) if len(typed) == 1 and line.owner.kind != "multi" else None
        self.submitted[line.address] = list(typed)
        self.sources[line.address] = line.givers
        if like is not None:
            self.sources[line.address] = like.keys
        else:
            self.edited.add(line.address)
            if line.owner.kind == "multi":
                keys = {k for o in line.offers if set(o.value) & set(typed) for k in o.keys}
                self.sources[line.address] = tuple(sorted(keys))

    def given(self, line: FieldComparison, key: str) -> None:
        """The contribution's own spelling when it is the one taken, behind it all that say the same."""
        offer = line.offer_of(int(key)) if key.isascii() and key.isdigit() else None
        if offer is None:
            self.undecided.append(line.address)
        else:
            self.put(line.address, offer.of(int(key)), offer.keys)

    def put(self, address: str, value: AnswerValue, keys: tuple[int, ...]) -> None:
        self.submitted[address] = value if isinstance(value, list) else [value]
        self.sources[address] = keys


def merge_contributions(comparison: QuestionComparison, choices: MergeChoices) -> MergedAnswer:
    """The answer the choices make, cleaned like any other input. What is undecided or invalid is told, not guessed."""
    merger = _Merger(choices)
    merger.nodes(comparison.nodes)
    values, invalid = parse_posted_card(comparison.question, merger.submitted)
    values = drop_empty_rows(values)
    sources = {a: keys for a, keys in merger.sources.items() if a in values}
    return MergedAnswer(
        values, sources, tuple(merger.undecided), tuple(invalid), frozenset(merger.edited & values.keys())
    )


def drop_closed_values(
    instrument: CompiledInstrument, answers: AnswerValues, question: Item, values: AnswerValues
) -> dict[str, AnswerValue]:
    """The values without those that other values of the same answer close.

    `answers`: the whole provincial answer; what it says to other questions decides too. A question that is
    itself off the path keeps everything, as any stored answer does.
    """
    path = resolve_path(instrument, replace_question_values(instrument, answers, question, values))
    if question.id not in path.on_items:
        return dict(values)
    return drop_empty_rows({a: v for a, v in values.items() if a in path.values})


def replace_question_values(
    instrument: CompiledInstrument, answers: AnswerValues, question: Item, values: AnswerValues
) -> dict[str, AnswerValue]:
    """The whole answer as it would be with these values of one question."""
    others = {a: v for a, v in answers.items() if instrument.items[item_id_of(a)].question != question.id}
    return {**others, **values}


def merge_method(comparison: QuestionComparison, merged: MergedAnswer) -> MergeMethod:
    """How the answer came about, in one word."""
    used = set(merged.sources.values())
    if merged.edited or not all(used) or merged.values.keys() - merged.sources.keys():
        return "edit"
    common = set.intersection(*map(set, used)) if used else set()
    if comparison.whole == "agree" and common == set(comparison.keys):
        return "agreed"
    content = set(_comparable_content(comparison.question, merged.values))
    taken = (g for g in comparison.givens if g.key in common)
    return "take" if any(content <= set(_comparable_content(comparison.question, g.values)) for g in taken) else "merge"


def record_left_out_rows(comparison: QuestionComparison, choices: MergeChoices) -> MergeChoices:
    """The choices with the rows that were seen and not taken, so that only new rows are news next time."""
    left = {
        r.address: tuple(row.id for row in r.rows if row.id not in choices.rows.get(r.address, ()))
        for r in comparison.repeats
    }
    return MergeChoices(choices.picks, choices.typed, choices.rows, {a: some for a, some in left.items() if some})


def is_same_answer(question: Item, one: AnswerValues, other: AnswerValues) -> bool:
    """Whether two answers to the question say the same, whatever their row ids and spelling."""
    return _comparable_content(question, one) == _comparable_content(question, other)


def _comparable_content(question: Item, values: AnswerValues) -> list[tuple[str, ...]]:
    return sorted(_flatten_nodes(compare_contributions(question, [Contribution(1, values)], {}).nodes, ()))


def _flatten_nodes(nodes: Sequence[ComparisonNode], at: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for node in nodes:
        if isinstance(node, FieldComparison):
            yield (*at, _address_within_row(node.address), comparison_key(node.owner, node.offers[0].value))
        else:
            for row in node.rows:
                yield from _flatten_nodes(row.nodes, (*at, node.item.id, _row_content_key(row)))


def _address_within_row(address: str) -> str:
    """An address without the rows around it."""
    before, row, inside = address.rpartition("#")
    return inside.partition("/")[2] if row else before + inside


def _row_content_key(row: RowComparison) -> str:
    return fold_text(repr(sorted(_flatten_nodes(row.nodes, ()))))
