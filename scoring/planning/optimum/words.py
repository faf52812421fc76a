"""What an action says: one sentence per kind of work, built from the data. PURE."""

from __future__ import annotations

from collections.abc import Sequence

from scoring.planning.optimum.least_effort import Piece
from scoring.scheme.types import Scheme
from survey.instrument.address import item_id
from survey.instrument.schema import Instrument, Text

MOST = 8  # labels in a sentence; the pieces themselves are all listed
LONG = 140  # characters of a label


def told(scheme: Scheme, instrument: Instrument, pieces: Sequence[Piece]) -> Text:
    """The sentence of some pieces of work."""
    by_kind: dict[str, list[Piece]] = {}
    for piece in pieces:
        by_kind.setdefault(piece.kind, []).append(piece)

    def in_(language: str) -> str:
        return " · ".join(
            scheme.work[kind].say.to(language).format(label=_labels(instrument, some, language), n=len(some))
            for kind, some in by_kind.items()
        )

    return Text(in_("th"), in_("en"))


def _labels(instrument: Instrument, pieces: Sequence[Piece], language: str) -> str:
    times: dict[str, int] = {}
    codes: list[str] = []
    for piece in pieces:
        label = piece.label.to(language)
        label = _short(label)
        times[label] = times.get(label, 0) + 1
        code = _code(instrument, piece.key)
        if code and code not in codes:
            codes.append(code)
    parts = [label if n == 1 else f"{label} × {n}" for label, n in times.items()]
    more = len(parts) - MOST
    text = ", ".join(parts[:MOST])
    if more > 0:
        text += f" และอีก {more}" if language == "th" else f" and {more} more"
    return f"{', '.join(codes)} {text}" if codes else text


def _short(label: str) -> str:
    """A long label, cut at a space where there is one near the end."""
    if len(label) <= LONG:
        return label
    head = label[: LONG - 1]
    at = head.rfind(" ", LONG // 2)
    return (head[:at] if at > 0 else head) + "…"


def _code(instrument: Instrument, key: str) -> str:
    item = instrument.items.get(item_id(key.split("+", 1)[0]))
    question = instrument.items.get(item.question or item.id) if item else None
    return (question.code or question.id) if question else ""
