"""Who answers what, so that all answers together have the published counts: item by item in the form's order. PURE."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import Final

from demo.national.expressions import Expression
from demo.national.published import OpenPoints
from dgready.thai import BE_OFFSET
from nation.facts.form_facts import read_form_facts
from survey.instrument.addresses import cell_address, item_id_of
from survey.instrument.path import resolve_path
from survey.instrument.schema import AnswerValue, CompiledInstrument, Item, TableColumn

Values = dict[str, AnswerValue]
DUE_MONTH: Final = 6
Field = tuple[str, Item | TableColumn]


class Allocation:
    """The answers of a number of provinces that have published counts. `failed`: figures that no answers can have."""

    def __init__(
        self,
        form: CompiledInstrument,
        expressions: Sequence[Expression],
        points: OpenPoints,
        provinces: int,
        rng: Random,
    ) -> None:
        self.form, self.points, self.rng = form, points, rng
        self.values: list[Values] = [{} for _ in range(provinces)]
        self.facts = read_form_facts(form)
        self.by_address: dict[str, list[Expression]] = {}
        for one in expressions:
            self.by_address.setdefault(one.address, []).append(one)
        self.failed: list[Expression] = []
        self.complete: dict[str, set[int]] = {}

    def run(self) -> list[Values]:
        """Answers every field that a figure is about, in the order of the form."""
        for item in self.form.items.values():
            self._choose_complete(item)
            if item.kind == "table":
                for key, _row in item.answer_rows:
                    for column in item.columns:
                        self._answer(cell_address(item.id, key, column.key), column)
            elif not item.repeat:
                self._answer(item.id, item)
        return self.values

    def _answer(self, address: str, owner: Item | TableColumn) -> None:
        wanted = self.by_address.get(address, [])
        if owner.kind == "single" and (wanted or address in self.points.counts or address in self.points.together):
            self._choose_one(address, owner, wanted)
        elif owner.kind == "multi" and (
            wanted or address in self.points.counts or item_id_of(address) in self.complete
        ):
            self._choose_several(address, owner, wanted)
        elif wanted and owner.kind == "text":
            self._write(address, wanted)
        elif wanted and owner.kind == "repeat" and isinstance(owner, Item):
            self._list(owner, wanted)
        elif wanted and owner.kind == "month_year":
            self._expect(address, wanted)
        elif owner.kind == "number":
            self._number(address, wanted)

    def _open(self, address: str) -> list[int]:
        """The provinces on whose path a field is, in a random order."""
        found = [n for n, values in enumerate(self.values) if address in resolve_path(self.form, values).fields]
        self.rng.shuffle(found)
        return found

    def _choose_complete(self, item: Item) -> None:
        """Which provinces pick everything that an item offers, where that is published."""
        one = next((one for one in self.by_address.get(item.id, []) if one.kind == "complete"), None)
        if one is None:
            return
        cells = [cell_address(item.id, key, column.key) for key, _row in item.answer_rows for column in item.columns]
        open_ = self._open(cells[0] if cells else item.id)
        count = one.figure.count_of(len(open_))
        if count is None or count > len(open_):
            self.failed.append(one)
        else:
            self.complete[item.id] = set(open_[:count])

    def _counts(self, address: str, wanted: Sequence[Expression], asked: int) -> dict[str, int]:
        """How many provinces pick each option; figures that are no whole number of those asked fail."""
        counts = dict(self.points.counts.get(address, {}))
        for one in wanted:
            if one.kind == "complete":
                continue  # see _choose_complete
            count = one.figure.count_of(asked)
            if count is None or count > asked:
                self.failed.append(one)
            else:
                counts.setdefault(one.value, count)
        return counts

    def _choose_one(self, address: str, owner: Item | TableColumn, wanted: Sequence[Expression]) -> None:
        open_ = self._open(address)
        if before := self.points.together.get(address):
            for n in open_:
                self.values[n][address] = self.values[n][before]
            return
        counts = self._counts(address, wanted, len(open_))
        left = set(open_)
        fitting = {key: [n for n in open_ if self._agrees(n, address, key)] for key in counts}
        for key in sorted(counts, key=lambda key: len(fitting[key])):
            takers = [n for n in fitting[key] if n in left][: counts[key]]
            if len(takers) < counts[key]:
                self.failed += [one for one in wanted if one.value == key]
                continue
            left -= set(takers)
            for n in takers:
                self.values[n][address] = key
        others = [option.key for option in owner.options if option.key not in counts]
        for n in sorted(left):
            if fits := [key for key in others if self._agrees(n, address, key)]:
                self.values[n][address] = self.rng.choice(fits)

    def _agrees(self, n: int, address: str, value: AnswerValue) -> bool:
        """Whether no check that reads this field is broken."""
        trial = {**self.values[n], address: value}
        return all(
            check.condition.evaluate(trial.get) is not False for check in self.form.checks_by_address.get(address, ())
        )

    def _choose_several(self, address: str, owner: Item | TableColumn, wanted: Sequence[Expression]) -> None:
        """Options go first to those that have none yet, so that reasons which add up to all are one each.

        Those who pick everything are known; the others pick what has a count, or one thing.
        """
        open_ = self._open(address)
        counts = self._counts(address, wanted, len(open_))
        for key, texts in self._written(address).items():
            counts[key] = sum(one.figure.count or 0 for one in texts)
        everything = {option.key for option in owner.options if not option.exclusive}
        complete = self.complete.get(item_id_of(address), set())
        picked = {n: set(everything) if n in complete else set() for n in open_}
        for key, count in counts.items():
            having = sum(key in keys for keys in picked.values())
            for n in sorted((n for n in open_ if n not in complete), key=lambda n: len(picked[n]))[: count - having]:
                picked[n].add(key)
        others = [o.key for o in owner.options if o.key not in counts and not o.exclusive]
        for n, keys in picked.items():
            if not keys and others:
                keys.add(self.rng.choice(others))
            if keys:
                self.values[n][address] = [o.key for o in owner.options if o.key in keys]

    def _written(self, address: str) -> dict[str, list[Expression]]:
        """The options of a list of reasons that ask for a text, with the texts that are wanted there."""
        source = next((s for s in self.facts.reasons.values() if s.listed and s.listed.id == address), None)
        others = source.others if source and source.others else {}
        return {key: texts for key, item in others.items() if (texts := self.by_address.get(item.id, []))}

    def _write(self, address: str, wanted: Sequence[Expression]) -> None:
        """The published reasons as texts; those left over give none of them."""
        open_ = self._open(address)
        for one in wanted:
            count = one.figure.count_of(len(open_))
            if count is None or count > len(open_):
                self.failed.append(one)
                continue
            for _ in range(count):
                self.values[open_.pop()][address] = one.figure.label.th

    def _list(self, item: Item, wanted: Sequence[Expression]) -> None:
        """Rows: so many provinces have one, and all of them together so many."""
        open_ = self._open(item.id)
        rows = next((one for one in wanted if one.kind == "rows"), None)
        total = next((one.figure.count for one in wanted if one.kind == "total"), None)
        single = rows.figure.count_of(len(open_)) if rows else 0
        if single is None or single > len(open_):
            self.failed += wanted
            return
        lengths = [1] * single + [2] * (len(open_) - single)
        for at in range(len(lengths)):
            while total is not None and sum(lengths) < total and single <= at and lengths[at] < (item.max_rows or 0):
                lengths[at] += 1
        if total is not None and sum(lengths) != total:
            self.failed += [one for one in wanted if one.kind == "total"]
        for n, length in zip(open_, lengths, strict=True):
            self.values[n][item.id] = [f"r{number}" for number in range(1, length + 1)]

    def _expect(self, address: str, wanted: Sequence[Expression]) -> None:
        """So many expect to be done in that year, the others a year later."""
        open_ = self._open(address)
        for one in wanted:
            count = one.figure.count_of(len(open_))
            if count is None:
                self.failed.append(one)
                continue
            for at, n in enumerate(open_):
                year = int(one.value) - BE_OFFSET + (at >= count)
                self.values[n][address] = f"{year}-{DUE_MONTH:02}"

    def _number(self, address: str, wanted: Sequence[Expression]) -> None:
        """A number whose sum is published, or of which the sum of a part is."""
        for pair in self.facts.pairs.values():
            part = next((one for one in self.by_address.get(pair.part.id, []) if one.kind == "part"), None)
            if part is None or part.figure.count is None or part.figure.base is None:
                continue
            if pair.whole.id == address:
                self._share_out(address, part.figure.base, [None] * len(self.values))
            elif pair.part.id == address:
                self._share_out(
                    address, part.figure.count, [self.values[n].get(pair.whole.id) for n in range(len(self.values))]
                )

    def _share_out(self, address: str, total: int, most: Sequence[AnswerValue | None]) -> None:
        """Gives each at least one, and the rest at random, up to the most each may have."""
        open_ = self._open(address)
        amounts = dict.fromkeys(open_, 1)
        for _ in range(total - len(open_)):
            free = [n for n in open_ if most[n] is None or amounts[n] < int(str(most[n]))]
            amounts[self.rng.choice(free)] += 1
        for n, amount in amounts.items():
            self.values[n][address] = str(amount)


def coded_reasons(expressions: Sequence[Expression]) -> Mapping[tuple[str, str], Expression]:
    """The texts written for published reasons, by the item that asks: what the centre would put into its list."""
    return {(one.address, one.figure.label.th): one for one in expressions if one.kind == "reason"}
