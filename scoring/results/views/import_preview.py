"""What the page shows of a file that was checked: corrections first, then what is new, by whose figures they are."""

from __future__ import annotations

from collections import Counter
from typing import Any

from dgready.language import localize_text
from scoring.results.actions.tables import ImportOutcome

SHOWN_CHANGES = 100
SHOWN_NEW = 100  # lines of new figures
SHOWN_WARNINGS = 30


def describe_outcome(outcome: ImportOutcome) -> dict[str, Any]:
    """The context: corrections with both values, new figures counted by year and subject, what does not agree."""
    corrections = [change for change in outcome.changes if change.before]
    new = Counter(" ".join(change.what.split()[:2]) for change in outcome.changes if not change.before)
    single = [change for change in outcome.changes if not change.before] if outcome.added <= SHOWN_NEW else []
    return {
        "corrections": corrections[:SHOWN_CHANGES],
        "more_corrections": max(len(corrections) - SHOWN_CHANGES, 0),
        "new_by_subject": sorted(new.items()),
        "new_figures": single,
        "warnings": [localize_text(text) for text in outcome.warnings[:SHOWN_WARNINGS]],
        "more_warnings": max(len(outcome.warnings) - SHOWN_WARNINGS, 0),
    }
