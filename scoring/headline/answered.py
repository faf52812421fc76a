"""Whether anything that gives points is answered. PURE."""

from __future__ import annotations

from scoring.engine.sheet import ScoreSheet

GIVEN = frozenset({"counted", "no_evidence", "contradicts", "other"})


def has_answers(sheet: ScoreSheet) -> bool:
    """Whether some question that gives points is answered; a score from outside is no answer."""
    return any(leaf.state in GIVEN for criterion in sheet.criteria for leaf in criterion.trace.walk())
