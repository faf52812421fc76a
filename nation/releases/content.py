"""What a release holds: the report, the report of each group, how it was counted; and its figures one by one. PURE.

Everything is plain JSON, since a release must read the same in ten years. Which provinces are behind a figure is never
in it; groups of which fewer than three provinces answered are left out, for a share of two would tell of one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from nation.facts.types import NationalReport

FORMAT: Final = 1
MIN_PROVINCES: Final = 3  # that answered, for a group to be told
Json = dict[str, Any]


def make_content(
    report: NationalReport,
    groups: Mapping[str, Mapping[str, NationalReport]],
    method: Json,
    scores: Iterable[Json] | None = None,
) -> Json:
    """The content of a release. `scores`: published results of the provinces, where the release is to tell them."""
    counted = {
        group: {member: len(one.provinces) for member, one in members.items()} for group, members in groups.items()
    }
    told = {group: told_members(len(report.provinces), sizes) for group, sizes in counted.items()}
    content: Json = {
        **_report(report),  # as `national show` prints it
        "format": FORMAT,
        "groups": {
            group: {member: _report(one) for member, one in groups[group].items() if member in members}
            for group, members in told.items()
        },
        "left_out": {group: [member for member in groups[group] if member not in told[group]] for group in groups},
        "method": method,
    }
    if scores is not None:
        content["scores"] = list(scores)
    return content


def told_members(whole: int, sizes: Mapping[str, int]) -> set[str]:
    """The groups that can be told: large enough, and so that what is left of the whole is of nobody or of enough, too.

    Else the whole less the groups that are told would tell of a group that is not. `sizes`: how many answered.
    """
    told = sorted((member for member, size in sizes.items() if size >= MIN_PROVINCES), key=lambda m: (sizes[m], m))
    while told and 0 < whole - sum(sizes[member] for member in told) < MIN_PROVINCES:
        told.pop(0)
    return set(told)


def _report(report: NationalReport) -> Json:
    told = report.json()
    for block in told["blocks"]:
        block["rows"] = [_row(row) for row in block["rows"]]
    return told


def _row(row: Json) -> Json:
    """A row without the figure that is not to be told."""
    if row.get("hidden"):
        return {"key": row["key"], "label": row["label"], "count": None, "percent": None, "hidden": True}
    return {**row, "parts": [_row(part) for part in row["parts"]]} if "parts" in row else row


@dataclass(frozen=True, slots=True)
class ReleasedFigure:
    """A row of a block of a released report. `part`: key of the part of a stacked row; "" for the row itself."""

    group: str
    member: str
    block: Json
    row: Json
    part: Json | None = None

    @property
    def told(self) -> Json:
        """The row or the part with the figure."""
        return self.row if self.part is None else self.part

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        """What makes it the same figure in another release."""
        return self.group, self.member, self.block["key"], self.row["key"], self.part["key"] if self.part else ""

    @property
    def values(self) -> tuple[Any, ...]:
        """What can differ between two releases."""
        told, block = self.told, self.block
        names = ("count", "percent", "base", "of_all", "value", "before")
        figures = tuple(told.get(name) for name in names)
        # A text without a figure (an example, a recommendation) is its own figure.
        said = told["label"]["th"] if not any(one is not None for one in figures) else ""
        return (*figures, block["n"], block["asked"], block["answered"], said)


def reports_of(content: Json) -> Iterator[tuple[str, str, Json]]:
    """The whole report, then those of the groups: group, member ("" for the whole) and the report's JSON."""
    yield "", "", content
    for group, members in content["groups"].items():
        for member, report in members.items():
            yield group, member, report


def figures_of(content: Json) -> Iterator[ReleasedFigure]:
    """Every figure of a release, in its order."""
    for group, member, report in reports_of(content):
        for block in report["blocks"]:
            for row in block["rows"]:
                yield ReleasedFigure(group, member, block, row)
                for part in row.get("parts", ()):
                    yield ReleasedFigure(group, member, block, row, part)
