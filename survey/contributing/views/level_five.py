"""What level 5 needs, part by part of the form: said from the scoring scheme, never from a text of our own."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from scoring.engine.explain import number
from scoring.scheme import registry
from scoring.scheme.queries import scheme_of
from scoring.scheme.types import Criterion, Ratio, Scheme, items_read
from survey.instrument.address import item_id
from survey.instrument.queries import instrument_of
from survey.instrument.schema import Instrument, Text
from survey.models import Round

SOFT = Text(" (ข้อสมมติ ยังไม่มีประกาศ)", " (assumed, not published)")
COUNT = Text("{name}: อย่างน้อย {at} {unit}", "{name}: at least {at} {unit}")
SHARE = Text("{name}: อย่างน้อยร้อยละ {at}", "{name}: at least {at} per cent")
CHOICE = Text("{name}: {label}", "{name}: {label}")


def needs(round_: Round) -> dict[str, list[Text]]:
    """By question: what gives each criterion that reads it its full points, by the scheme of the round.

    Empty where no scheme is known or it has faults: the form can be filled without one.
    """
    try:
        loaded = scheme_of(round_)
    except (registry.MissingScheme, registry.FaultyScheme):
        return {}
    return _needs(instrument_of(round_.instrument), loaded.scheme)


@lru_cache(maxsize=16)
def _needs(instrument: Instrument, scheme: Scheme) -> dict[str, list[Text]]:
    out: dict[str, list[Text]] = {}
    for criterion in scheme.criteria:
        if (said := _full(instrument, criterion)) is not None:
            for question in _read(instrument, criterion):
                out.setdefault(question, []).append(said)
    return out


def _read(instrument: Instrument, criterion: Criterion) -> Iterator[str]:
    addresses = [criterion.choice] if criterion.choice else []
    addresses += items_read(criterion.measure) if criterion.measure else []
    read = (instrument.items[i] for a in addresses if (i := item_id(a)) in instrument.items)
    yield from dict.fromkeys(i.question or i.id for i in read)


def _full(instrument: Instrument, criterion: Criterion) -> Text | None:
    if criterion.measure is not None and criterion.steps:
        top = criterion.steps[-1]
        if isinstance(criterion.measure, Ratio):
            return _say(SHARE, criterion, top.points.origin, at=number(top.at))
        return _say(COUNT, criterion, top.points.origin, at=number(top.at), unit=criterion.unit)
    if criterion.choice is not None and criterion.points:
        best = max(criterion.points.values(), key=lambda f: f.value)
        item = instrument.items.get(item_id(criterion.choice))
        keys = [k for k, f in criterion.points.items() if f.value == best.value]
        labels = [item.by_key[k].label for k in keys if item is not None and k in item.by_key]
        if labels:
            label = Text(" / ".join(x.to("th") for x in labels), " / ".join(x.to("en") for x in labels))
            return _say(CHOICE, criterion, best.origin, label=label)
    return None


def _say(form: Text, criterion: Criterion, origin: str, **names: Text | str) -> Text:
    soft = SOFT if origin not in ("official", "recovered") else Text()

    def to(language: str) -> str:
        given = {k: v.to(language) if isinstance(v, Text) else v for k, v in names.items()}
        return form.to(language).format(name=criterion.name.to(language), **given) + soft.to(language)

    return Text(to("th"), to("en"))
