"""A fitted scheme written as a file for review. PURE."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import yaml

from scoring.results.scheme_fit import SchemeFit


def write_fitted_scheme(text: str, fit: SchemeFit, source_th: str, source_en: str) -> str:
    """The scheme's file with the adjustments, one version on; every adjusted number names what it is fitted to."""
    data = yaml.safe_load(text)
    moves = {(m.criterion, m.key): m for m in fit.moves}
    for node in _walk_criteria(data["sub_pillars"].values()):
        for (ident, key), move in moves.items():
            if node["id"] != ident:
                continue
            new = [_format_points(move.new), "estimated", {"th": source_th, "en": source_en}]
            if "steps" in node:
                steps = list(node["steps"])  # an anchor may share them with other criteria
                steps[int(key)] = [steps[int(key)][0], *new]
                node["steps"] = steps
            else:
                node["points"] = {**node["points"], key: new}
    data["version"] = int(data["version"]) + 1
    head = f"# Version {data['version']}: assumed steps fitted to an official result, to be reviewed. {source_en}\n"
    return head + yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=120)


def _format_points(value: Decimal) -> int | str:
    return int(value) if value == value.to_integral_value() else f"{value:f}"


def _walk_criteria(nodes: Sequence[Any] | Any) -> Iterator[dict[str, Any]]:
    for node in nodes:
        yield from node.get("criteria", ())
        yield from _walk_criteria(node.get("parts", {}).values())
