"""Why a criterion gave its points: one sentence in plain Thai and English, built from the data. PURE."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from scoring.engine.external_estimates import ExternalEstimate
from scoring.engine.reason_texts import (
    ASSUMED_MARK,
    ASSUMED_NOTE,
    BETTER_OPTION,
    CLOSED_QUESTION,
    CONTRADICTS_NOTE,
    CONTRADICTS_OTHER,
    ESTIMATED_EXTERNAL_SCORE,
    EXPECTED_EXTERNAL_SCORE,
    EXTERNAL_SCORE,
    EXTERNAL_SCORE_MISSING,
    FULL_COUNT,
    NEXT_STEP,
    PARTIAL_COUNT,
    PICKED,
    PICKED_WITHOUT_EVIDENCE,
    RATIO,
    RATIO_CONTRADICTS,
    RATIO_NEXT,
    RATIO_UNKNOWN,
    TOP_STEP,
    UNANSWERED,
    UNPROVEN_NOTE,
)
from scoring.engine.trace import LeafState
from scoring.scheme.marked import OFFICIAL
from scoring.scheme.sourced import Quantity, SourcedNumber
from scoring.scheme.types import Criterion, PointStep
from survey.instrument.schema import LocalizedText

Placeholders = dict[str, LocalizedText | str]
Phrase = tuple[LocalizedText, Placeholders]

PUBLISHED_ORIGINS = ("official", "recovered")


def format_number(value: Quantity) -> str:
    """A count or score as people write it: whole without places, else at most two."""
    if value is None:
        return "–"
    if isinstance(value, int):
        return str(value)
    text = f"{value.quantize(Decimal('0.01')):f}"
    return text.rstrip("0").rstrip(".")


@lru_cache(maxsize=8192)
def explain_count(
    criterion: Criterion,
    value: Quantity,
    bare: int,
    points: SourcedNumber,
    next_: PointStep | None,
    contradicting: int = 0,
) -> LocalizedText:
    """The sentence of a counting criterion.

    `bare`: how many are answered without marked evidence; `contradicting`: how many contradict another answer.
    """
    unit, points_text = criterion.unit, format_number(points.value)
    top = criterion.steps[-1]
    phrases: list[Phrase] = []
    names: Placeholders = {"unit": unit, "points": points_text, "value": format_number(value)}
    phrases.append((PARTIAL_COUNT, names) if next_ else (FULL_COUNT, {**names, "full": format_number(top.threshold)}))
    phrases += _assumed_note(points)
    if next_:
        phrases.append(
            (NEXT_STEP, {"at": format_number(next_.threshold), "unit": unit, **_describe_points(next_.points)})
        )
        if next_ is not top:
            phrases.append(
                (TOP_STEP, {"at": format_number(top.threshold), "unit": unit, **_describe_points(top.points)})
            )
    if bare:
        phrases.append((UNPROVEN_NOTE, {"n": str(bare)}))
    if contradicting:
        phrases.append((CONTRADICTS_NOTE, {"n": str(contradicting)}))
    return _compose_sentence(*phrases)


@lru_cache(maxsize=8192)
def explain_ratio(
    part: Quantity, whole: Quantity, value: Quantity, points: SourcedNumber, next_: PointStep | None
) -> LocalizedText:
    """The sentence of a ratio of two numbers."""
    points_text = format_number(points.value)
    numbers: Placeholders = {"part": format_number(part), "whole": format_number(whole), "points": points_text}
    if value is None:
        contradicts = part is not None and whole and not 0 <= part <= whole
        return _compose_sentence((RATIO_CONTRADICTS if contradicts else RATIO_UNKNOWN, numbers))
    names: Placeholders = {**numbers, "value": format_number(value)}
    phrases: list[Phrase] = [(RATIO, names), *_assumed_note(points)]
    if next_:
        phrases.append((RATIO_NEXT, {"at": format_number(next_.threshold), **_describe_points(next_.points)}))
    return _compose_sentence(*phrases)


@lru_cache(maxsize=8192)
def explain_choice(
    picked: LocalizedText | None,
    state: LeafState,
    closed: bool,
    points: SourcedNumber,
    better: tuple[LocalizedText, SourcedNumber] | None,
) -> LocalizedText:
    """The sentence of a choice: what is picked, whether it counts, and the next better option."""
    phrases: list[Phrase] = []
    if picked is None:
        phrases.append((CLOSED_QUESTION if closed else UNANSWERED, {}))
    elif state != "counted":
        phrases.append((CONTRADICTS_OTHER if state == "contradicts" else PICKED_WITHOUT_EVIDENCE, {"label": picked}))
    else:
        phrases += [(PICKED, {"label": picked, "points": format_number(points.value)}), *_assumed_note(points)]
    if better and not closed:
        phrases.append((BETTER_OPTION, {"label": better[0], **_describe_points(better[1])}))
    return _compose_sentence(*phrases)


@lru_cache(maxsize=1024)
def explain_external_score(points: Decimal | None, origin: str) -> LocalizedText:
    """The sentence of a score from outside. `origin`: its mark, which equal numbers need not share."""
    if points is None:
        return _compose_sentence((EXTERNAL_SCORE_MISSING, {}))
    text = EXTERNAL_SCORE if origin == OFFICIAL else EXPECTED_EXTERNAL_SCORE
    return _compose_sentence((text, {"points": format_number(points)}))


@lru_cache(maxsize=1024)
def explain_estimated_score(estimate: ExternalEstimate) -> LocalizedText:
    """The sentence of a score from outside that nobody entered: what is taken for it, and what that rests on."""
    numbers: Placeholders = {name: format_number(getattr(estimate, name)) for name in ("score", "low", "high")}
    return _compose_sentence((ESTIMATED_EXTERNAL_SCORE, {**numbers, "source": estimate.source}))


def _describe_points(points: SourcedNumber) -> Placeholders:
    """Points that could be had, with a mark where nobody published them."""
    return {"points": format_number(points.value), "mark": "" if points.origin in PUBLISHED_ORIGINS else ASSUMED_MARK}


def _assumed_note(points: SourcedNumber) -> list[Phrase]:
    is_assumed = points.value and points.origin not in PUBLISHED_ORIGINS
    return [(ASSUMED_NOTE, {})] if is_assumed else []


def _compose_sentence(*parts: Phrase) -> LocalizedText:
    def in_(language: str) -> str:
        return "".join(
            text.to(language).format(
                **{k: v.to(language) if isinstance(v, LocalizedText) else v for k, v in names.items()}
            )
            for text, names in parts
        )

    return LocalizedText(in_("th"), in_("en"))
