"""A fit to an official result as JSON. PURE."""

from __future__ import annotations

from typing import Any

from scoring.engine.as_json import places
from scoring.results.fit import Fit


def fit_json(found: Fit) -> dict[str, Any]:
    """What fitting moves, and what no move explains."""
    return {
        "moves": [
            {
                "sub_pillar": m.sub_pillar,
                "criterion": m.criterion,
                "key": m.key,
                "before": places(m.old),
                "after": places(m.new),
            }
            for m in found.moves
        ],
        "unfitted": list(found.unfitted),
    }
