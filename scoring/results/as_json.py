"""Serializing a fit to an official result to JSON. PURE."""

from __future__ import annotations

from typing import Any

from scoring.engine.as_json import format_decimal
from scoring.results.scheme_fit import SchemeFit


def serialize_fit(fit: SchemeFit) -> dict[str, Any]:
    """What fitting moves, and what no move explains."""
    return {
        "moves": [
            {
                "sub_pillar": m.sub_pillar,
                "criterion": m.criterion,
                "key": m.key,
                "before": format_decimal(m.old),
                "after": format_decimal(m.new),
            }
            for m in fit.moves
        ],
        "unfitted": list(fit.unfitted),
    }
