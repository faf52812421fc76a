"""Replaying the imports of published and national figures from the account log."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import Any, ClassVar

from accounts.models import AccountEvent
from scoring.models import Benchmark, OfficialResult
from scoring.results.actions.benchmarks import benchmark_facts
from scoring.results.actions.editions import CORRECT_VERB
from scoring.results.actions.official import official_facts
from survey.verifying.log_replayer import LogReplayer
from survey.verifying.replayer import Row


class FigureReplayer(LogReplayer):
    """Figures: each import tells those that it added or changed, whole. `untold`: what events leave out."""

    untold: ClassVar[Mapping[str, Any]] = {}

    def take_log(self, event: AccountEvent) -> None:
        """The figures of one import, or of undoing one; older events tell only scores, and prove nothing."""
        told = event.data.get("after") or {}
        for gone in told.get("removed", ()):
            self.rows.pop(gone, None)
        changed = {one["id"] for one in (event.data.get("before") or {}).get("rows", ())}
        for one in told.get("rows", ()):
            self.rows[one["id"]] = _figure_row({**self.untold, **one}, event.pk)
            if one["id"] not in changed and len(changed) == told.get("changed", 0):  # else nothing says which it added
                self.added.add(one["id"])


def _figure_row(facts: Mapping[str, Any], seq: int | None = None) -> Row:
    values = {name: value for name, value in facts.items() if name != "id"}
    names = [str(facts[name]) for name in ("year", "label", "kind", "code", "option") if facts.get(name)]
    return Row(values, seq, subject=" ".join(names), pk=facts["id"])


class ResultReplayer(FigureReplayer):
    """Published results."""

    kind = "result"
    log_verbs = frozenset({"import_results", "undo_import_results", CORRECT_VERB})
    untold: ClassVar[Mapping[str, Any]] = {"edition": 0}  # told of later editions only

    def stored(self) -> Iterator[tuple[Hashable, Row]]:
        """The stored results."""
        for row in OfficialResult.objects.order_by("pk").iterator():
            yield row.pk, _figure_row({**self.untold, **official_facts(row)})


class BenchmarkReplayer(FigureReplayer):
    """National figures."""

    kind = "benchmark"
    log_verbs = frozenset({"import_benchmarks", "undo_import_benchmarks"})

    def stored(self) -> Iterator[tuple[Hashable, Row]]:
        """The stored national figures."""
        for row in Benchmark.objects.order_by("pk").iterator():
            yield row.pk, _figure_row(benchmark_facts(row))


RESULT_KINDS = (ResultReplayer, BenchmarkReplayer)
