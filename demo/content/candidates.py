"""Candidate values for a field, by its kind, in the order in which they are tried. PURE."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random

from demo.content.phrases import FUTURE_WORDS, Phrases, matches_label
from survey.instrument.schema import Item, Option, TableColumn

RawValue = list[str]
MAX_ROWS = 3  # rows and names given at most
TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class CandidateSource:
    """What candidates are drawn from. `near`: numbers a contradiction check compares with."""

    rng: Random
    phrases: Phrases
    period: tuple[date, date]
    near: Sequence[Decimal] = ()


def field_label(owner: Item | TableColumn) -> str:
    """The label of a field in both languages, with its unit."""
    if isinstance(owner, TableColumn):
        return f"{owner.label.th} {owner.label.en}"
    return f"{owner.ask.th} {owner.unit.th} {owner.ask.en} {owner.unit.en}"


def single_candidates(owner: Item | TableColumn, source: CandidateSource) -> Iterator[RawValue]:
    """Every option once, the likelier ones first."""
    remaining = {o.key: weight for o, weight in _option_weights(owner.options)}
    while remaining:
        key = source.rng.choices(list(remaining), list(remaining.values()))[0]
        del remaining[key]
        yield [key]


def _option_weights(options: Sequence[Option]) -> Iterator[tuple[Option, float]]:
    """A province that takes part has mostly done things: the first option with proof is the likeliest."""
    proven = False
    for option in options:
        if option.skip_to:
            yield option, 0.4
        elif option.evidence != "none":
            yield option, 0.2 if proven else 4.0
            proven = True
        elif _opens_more(option):
            yield option, 3.0
        else:
            yield option, 0.6


def _opens_more(option: Option) -> bool:
    return any(i.kind != "text" or i.evidence != "none" for i in option.then)


def multi_candidates(owner: Item | TableColumn, source: CandidateSource) -> Iterator[RawValue]:
    """Some of the options; then each alone."""
    keys = [o.key for o in owner.options if not o.exclusive]
    alone = [o.key for o in owner.options if o.exclusive]
    picked = [o.key for o in owner.options if not o.exclusive and source.rng.random() < _pick_chance(o)]
    if alone and (not keys or source.rng.random() < 0.05):
        picked = [source.rng.choice(alone)]
    if picked:
        yield picked
    rest = [*keys, *alone]
    source.rng.shuffle(rest)
    yield from ([key] for key in rest)


def _pick_chance(option: Option) -> float:
    return 0.15 if option.then and not _opens_more(option) else 0.65


def text_candidates(owner: Item | TableColumn, source: CandidateSource) -> Iterator[RawValue]:
    """A phrase that suits the label."""
    yield [source.phrases.text(field_label(owner), owner.format if isinstance(owner, Item) else None)]


def url_candidates(owner: Item | TableColumn, source: CandidateSource) -> Iterator[RawValue]:
    """A made-up page."""
    yield [source.phrases.url(field_label(owner))]


def number_candidates(owner: Item | TableColumn, source: CandidateSource) -> Iterator[RawValue]:
    """A number of the usual size; then some near those it is compared with."""
    item = owner if isinstance(owner, Item) else None
    low = Decimal(item.minimum) if item and item.minimum is not None else Decimal(0)
    high = Decimal(item.maximum) if item and item.maximum is not None else None
    step = TENTH if item and not item.integer else Decimal(1)
    usual = source.phrases.between(field_label(owner))
    first = max(low, Decimal(usual[0]))
    last = max(first, Decimal(usual[1]) if high is None else min(high, Decimal(usual[1])))
    drawn = first + step * source.rng.randint(0, int((last - first) / step))
    near = [n for base in source.near for n in (base * 3 // 4, base, base - 1, base + 1)]
    for candidate in (drawn, *near, low, *([high] if high is not None else [])):
        rounded = candidate.to_integral_value() if step == 1 else candidate
        if low <= rounded and (high is None or rounded <= high):
            yield [f"{rounded:f}"]


def month_candidates(owner: Item | TableColumn, source: CandidateSource) -> Iterator[RawValue]:
    """A month of the evidence period, or one soon after it where something is only expected."""
    first, last = (d.year * 12 + d.month - 1 for d in source.period)
    if matches_label(FUTURE_WORDS, field_label(owner)):
        first, last = last + 1, last + 12
    month = source.rng.randint(first, last)
    yield [f"{month // 12:04}-{month % 12 + 1:02}"]


def repeat_candidates(owner: Item | TableColumn, source: CandidateSource) -> Iterator[RawValue]:
    """One to three rows within the limits; then every other number of rows."""
    assert isinstance(owner, Item)
    low, high = max(1, owner.min_rows or 0), owner.max_rows or 1
    drawn = source.rng.randint(low, max(low, min(high, MAX_ROWS)))
    for count in dict.fromkeys((drawn, *range(low, high + 1))):
        yield [f"r{n}" for n in range(1, count + 1)]


CandidateMaker = Callable[[Item | TableColumn, CandidateSource], Iterable[RawValue]]
CANDIDATE_MAKERS: dict[str, CandidateMaker] = {
    "single": single_candidates,
    "multi": multi_candidates,
    "text": text_candidates,
    "number": number_candidates,
    "url": url_candidates,
    "month_year": month_candidates,
    "repeat": repeat_candidates,
}
