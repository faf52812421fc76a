"""Report of a match of a paper form: as plain data, and as lines for people. PURE."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from survey.instrument.official.matching import MatchState, OfficialMatch
from survey.instrument.official.places import OfficialPlace

FOREIGN_SHOWN = 20  # stretches of the paper that are listed for people; JSON has all
EXCERPT = 70  # letters


def match_as_json(match: OfficialMatch) -> dict[str, Any]:
    """The report of a match as plain data: totals, and per question what was matched, doubtful and missing."""
    questions: dict[str, list[dict[str, Any]]] = {}
    for wording in match.wordings:
        entry = _place_as_json(wording.place) | {"state": str(wording.state), "alike": wording.alike}
        entry |= {"text": wording.text, "doubtful_words": wording.doubtful_words}
        questions.setdefault(wording.question, []).append(entry)
    for place in match.missing:
        entry = _place_as_json(place.place) | {"state": str(MatchState.MISSING), "ours": place.label}
        questions.setdefault(place.question, []).append(entry)
    return {
        "enough": match.is_enough,
        "items": match.share("question"),
        "options_and_rows": match.share("option", "row"),
        "columns": match.share("column"),
        "matched": sum(w.state is MatchState.MATCHED for w in match.wordings),
        "doubtful": sum(w.state is MatchState.DOUBTFUL for w in match.wordings),
        "missing": len(match.missing),
        "foreign": [{"code": s.code or s.number, "text": s.text} for s in match.foreign],
        "words": {"all": match.words, "mended": match.mended, "doubtful": match.doubtful_words},
        "questions": questions,
    }


def _place_as_json(place: OfficialPlace) -> dict[str, Any]:
    return {"kind": place.kind, "item": place.owner, "part": place.part}


def report_lines(match: OfficialMatch) -> Iterator[str]:
    """The report for people: totals, each question's counts, then all that is not certain."""
    report = match_as_json(match)
    for name in ("items", "options_and_rows", "columns"):
        found, total = report[name]
        yield f"{name.replace('_', ' ')}: {found} of {total}" + (f" ({100 * found / total:.1f} %)" if total else "")
    words = report["words"]
    yield f"words: {words['all']}, mended {words['mended']}, doubtful {words['doubtful']}"
    for state in MatchState:
        yield f"{state}: {report[state]}"
    for question, entries in report["questions"].items():
        counts = Counter(entry["state"] for entry in entries)
        yield f"{question}: " + ", ".join(f"{counts[s]} {s}" for s in MatchState if counts[s])
        for entry in entries:
            if entry["state"] != MatchState.MATCHED:
                yield "  " + _entry_line(entry)
    yield f"foreign, in the text only: {len(match.foreign)}"
    yield from (f"  {s.code or s.number} {s.text[:EXCERPT]}".rstrip() for s in match.foreign[:FOREIGN_SHOWN])


def _entry_line(entry: dict[str, Any]) -> str:
    place = f"{entry['state']} {entry['kind']} {entry['item']} {entry['part']}".rstrip()
    if entry["state"] == MatchState.MISSING:
        return f"{place}: {entry['ours'][:EXCERPT]}"
    why = f"words {', '.join(entry['doubtful_words'])}" if entry["doubtful_words"] else f"alike {entry['alike']}"
    return f"{place} ({why}): {entry['text'][:EXCERPT]}"
