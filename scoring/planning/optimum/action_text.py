"""The text of an action: one sentence per kind of work, built from the data. PURE."""

from __future__ import annotations

from collections.abc import Sequence

from scoring.planning.optimum.work import WorkPiece
from scoring.scheme.types import ScoringScheme
from survey.instrument.addresses import item_id_of
from survey.instrument.schema import CompiledInstrument, LocalizedText

MAX_LABELS = 8  # labels in a sentence; the pieces themselves are all listed
MAX_LABEL_LENGTH = 140  # characters of a label


def describe_pieces(
    scheme: ScoringScheme, instrument: CompiledInstrument, pieces: Sequence[WorkPiece]
) -> LocalizedText:
    """Describes pieces of work in a sentence per kind of work."""
    by_kind: dict[str, list[WorkPiece]] = {}
    for piece in pieces:
        by_kind.setdefault(piece.kind, []).append(piece)

    def in_(language: str) -> str:
        return " · ".join(
            scheme.work_kinds[kind]
            .instruction.to(language)
            .format(label=_join_labels(instrument, some, language), n=len(some))
            for kind, some in by_kind.items()
        )

    return LocalizedText(in_("th"), in_("en"))


def _join_labels(instrument: CompiledInstrument, pieces: Sequence[WorkPiece], language: str) -> str:
    counts: dict[str, int] = {}
    codes: list[str] = []
    for piece in pieces:
        label = piece.label.to(language)
        label = _shorten_label(label)
        counts[label] = counts.get(label, 0) + 1
        code = _question_code(instrument, piece.key)
        if code and code not in codes:
            codes.append(code)
    parts = [label if n == 1 else f"{label} × {n}" for label, n in counts.items()]
    remaining = len(parts) - MAX_LABELS
    text = ", ".join(parts[:MAX_LABELS])
    if remaining > 0:
        text += f" และอีก {remaining}" if language == "th" else f" and {remaining} more"
    return f"{', '.join(codes)} {text}" if codes else text


def _shorten_label(label: str) -> str:
    """A long label, cut at a space where there is one near the end."""
    if len(label) <= MAX_LABEL_LENGTH:
        return label
    head = label[: MAX_LABEL_LENGTH - 1]
    cut = head.rfind(" ", MAX_LABEL_LENGTH // 2)
    return (head[:cut] if cut > 0 else head) + "…"


def _question_code(instrument: CompiledInstrument, key: str) -> str:
    item = instrument.items.get(item_id_of(key.split("+", 1)[0]))
    question = instrument.items.get(item.question or item.id) if item else None
    return (question.code or question.id) if question else ""
