"""What level 5 asks of each question, from the scheme's sentence or made from its steps. PURE."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from scoring.scheme.measure_types import Ratio, list_measured_addresses
from scoring.scheme.sourced import NO_TEXT, Origin, Quantity
from scoring.scheme.types import Criterion, ScoringScheme
from survey.instrument.addresses import item_id_of
from survey.instrument.schema import CompiledInstrument, LocalizedText

PUBLISHED_ORIGINS = ("official", "recovered")
COUNT_TEXT = LocalizedText("{name}: อย่างน้อย {at} {unit}", "{name}: at least {at} {unit}")
SHARE_TEXT = LocalizedText("{name}: อย่างน้อยร้อยละ {at}", "{name}: at least {at} per cent")
CHOICE_TEXT = LocalizedText("{name}: {label}", "{name}: {label}")


@dataclass(frozen=True, slots=True)
class LevelFiveAsk:
    """What level 5 asks by one criterion, in a sentence, and who says so."""

    criterion: str
    text: LocalizedText
    origin: Origin
    source: LocalizedText = NO_TEXT

    @property
    def is_published(self) -> bool:
        """Whether DGA says so."""
        return self.origin in PUBLISHED_ORIGINS


@lru_cache(maxsize=16)
def asks_by_criterion(instrument: CompiledInstrument, scheme: ScoringScheme) -> Mapping[str, LevelFiveAsk]:
    """By criterion: what level 5 asks. A score from outside without a sentence is left out."""
    asks = ((c.id, _ask_of(instrument, c)) for c in scheme.criteria)
    return {criterion: ask for criterion, ask in asks if ask is not None}


@lru_cache(maxsize=16)
def asks_by_question(instrument: CompiledInstrument, scheme: ScoringScheme) -> Mapping[str, tuple[LevelFiveAsk, ...]]:
    """By question: what level 5 asks by each criterion that reads it."""
    asks = asks_by_criterion(instrument, scheme)
    found: dict[str, list[LevelFiveAsk]] = {}
    for criterion in scheme.criteria:
        if criterion.id in asks:
            for question in _questions_read(instrument, criterion):
                found.setdefault(question, []).append(asks[criterion.id])
    return {question: tuple(some) for question, some in found.items()}


def _questions_read(instrument: CompiledInstrument, criterion: Criterion) -> Iterator[str]:
    addresses = [criterion.choice] if criterion.choice else []
    addresses += list_measured_addresses(criterion.measure) if criterion.measure else []
    read = (instrument.items[i] for a in addresses if (i := item_id_of(a)) in instrument.items)
    yield from dict.fromkeys(i.question or i.id for i in read)


def _ask_of(instrument: CompiledInstrument, criterion: Criterion) -> LevelFiveAsk | None:
    if (said := criterion.level5) is not None:
        return LevelFiveAsk(criterion.id, said.text, said.origin, said.source)
    if criterion.measure is not None and criterion.steps:
        top = criterion.steps[-1]
        form = SHARE_TEXT if isinstance(criterion.measure, Ratio) else COUNT_TEXT
        text = form.filled(name=criterion.name, at=_format_threshold(top.threshold), unit=criterion.unit)
        return LevelFiveAsk(criterion.id, text, top.points.origin, top.points.source)
    return _best_option_ask(instrument, criterion)


def _best_option_ask(instrument: CompiledInstrument, criterion: Criterion) -> LevelFiveAsk | None:
    if criterion.choice is None or not criterion.points:
        return None
    best = max(criterion.points.values(), key=lambda figure: figure.value)
    item = instrument.items.get(item_id_of(criterion.choice))
    keys = [key for key, figure in criterion.points.items() if figure.value == best.value]
    labels = [item.by_key[key].label for key in keys if item is not None and key in item.by_key]
    if not labels:
        return None
    label = LocalizedText(" / ".join(x.to("th") for x in labels), " / ".join(x.to("en") for x in labels))
    return LevelFiveAsk(criterion.id, CHOICE_TEXT.filled(name=criterion.name, label=label), best.origin, best.source)


def _format_threshold(value: Quantity) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
