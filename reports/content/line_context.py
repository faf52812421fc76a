"""The context of a line of a report: where in the answers it belongs. PURE."""

from __future__ import annotations

from dataclasses import dataclass

from reports.content.structure import (
    LineState,
)


@dataclass(frozen=True, slots=True)
class LineContext:
    """Where in the answers a line belongs: the prefix of its repeat row, its depth, and whether it is asked."""

    prefix: str | None = ""
    depth: int = 0
    state: LineState = "answered"
    reason: str = ""

    def deeper(self, prefix: str | None = None) -> LineContext:
        """One level below, in the repeat row of `prefix` if given."""
        return LineContext(self.prefix if prefix is None else prefix, self.depth + 1, self.state, self.reason)

    def closed(self, state: LineState, reason: str) -> LineContext:
        """The context of something that is not asked; what is closed already keeps its first reason."""
        return self if self.state != "answered" else LineContext(self.prefix, self.depth, state, reason)

    def without_row(self) -> LineContext:
        """The context below a repeat that has no rows: no address exists."""
        return LineContext(None, self.depth, self.state, self.reason)


TOP_LEVEL = LineContext()
