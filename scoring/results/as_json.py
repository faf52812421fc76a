"""Serializing fits to official results and their back-tests to JSON. PURE."""

from __future__ import annotations

from typing import Any

from scoring.engine.as_json import format_decimal
from scoring.results.fitting.back_test import BackTest
from scoring.results.fitting.types import Adjustment, OpenNumber, SchemeFit


def serialize_fit(fit: SchemeFit) -> dict[str, Any]:
    """What fitting changes, what no change explains and how far it stays off, and what is not determined."""
    return {
        "moves": [{**_place(m), "before": format_decimal(m.old), "after": format_decimal(m.new)} for m in fit.moves],
        "unfitted": list(fit.unfitted),
        "tolerance": {code: format_decimal(error) for code, error in (fit.tolerance or {}).items()},
        "open": [
            {
                **_place(one),
                "chosen": format_decimal(one.chosen),
                "low": format_decimal(one.low),
                "high": format_decimal(one.high),
                "seen": one.is_seen,
                "tied": one.is_tied,
            }
            for one in fit.open
        ],
    }


def serialize_back_test(test: BackTest) -> dict[str, Any]:
    """Mean errors by sub-pillar and by left-out province."""
    return {
        "folds": test.folds,
        "sub_pillars": [
            {
                "code": row.code,
                "provinces": row.count,
                "before": format_decimal(row.before),
                "after": format_decimal(row.after),
                "left_out": format_decimal(row.left_out),
            }
            for row in test.rows
        ],
        "provinces": {province: format_decimal(error) for province, error in test.provinces.items()},
    }


def _place(one: Adjustment | OpenNumber) -> dict[str, Any]:
    return {"sub_pillar": one.sub_pillar, "criterion": one.criterion, "key": one.key, "what": one.part}
