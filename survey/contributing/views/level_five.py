"""What a question needs for full points (level 5), in words made from the scoring scheme."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from scoring.engine.explain import format_number
from scoring.scheme import registry
from scoring.scheme.measure_types import Ratio, list_measured_addresses
from scoring.scheme.queries import get_round_scheme
from scoring.scheme.types import Criterion, ScoringScheme
from survey.instrument.addresses import item_id_of
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import CompiledInstrument, LocalizedText
from survey.models import Round

ASSUMED_TEXT = LocalizedText(" (ข้อสมมติ ยังไม่มีประกาศ)", " (assumed, not published)")
COUNT_TEXT = LocalizedText("{name}: อย่างน้อย {at} {unit}", "{name}: at least {at} {unit}")
SHARE_TEXT = LocalizedText("{name}: อย่างน้อยร้อยละ {at}", "{name}: at least {at} per cent")
CHOICE_TEXT = LocalizedText("{name}: {label}", "{name}: {label}")


def level_five_needs(round_: Round) -> dict[str, list[LocalizedText]]:
    """By question: what each criterion that reads it needs for full points, by the round's scheme.

    Empty where no scheme is known or it has faults: the form can be filled without one.
    """
    try:
        loaded = get_round_scheme(round_)
    except (registry.MissingScheme, registry.FaultyScheme):
        return {}
    return _scheme_needs(compiled_instrument(round_.instrument), loaded.scheme)


@lru_cache(maxsize=16)
def _scheme_needs(instrument: CompiledInstrument, scheme: ScoringScheme) -> dict[str, list[LocalizedText]]:
    needs: dict[str, list[LocalizedText]] = {}
    for criterion in scheme.criteria:
        if (text := _full_points_text(instrument, criterion)) is not None:
            for question in _questions_read(instrument, criterion):
                needs.setdefault(question, []).append(text)
    return needs


def _questions_read(instrument: CompiledInstrument, criterion: Criterion) -> Iterator[str]:
    addresses = [criterion.choice] if criterion.choice else []
    addresses += list_measured_addresses(criterion.measure) if criterion.measure else []
    read = (instrument.items[i] for a in addresses if (i := item_id_of(a)) in instrument.items)
    yield from dict.fromkeys(i.question or i.id for i in read)


def _full_points_text(instrument: CompiledInstrument, criterion: Criterion) -> LocalizedText | None:
    if criterion.measure is not None and criterion.steps:
        top = criterion.steps[-1]
        if isinstance(criterion.measure, Ratio):
            return _need_text(SHARE_TEXT, criterion, top.points.origin, at=format_number(top.threshold))
        return _need_text(
            COUNT_TEXT, criterion, top.points.origin, at=format_number(top.threshold), unit=criterion.unit
        )
    if criterion.choice is not None and criterion.points:
        best = max(criterion.points.values(), key=lambda f: f.value)
        item = instrument.items.get(item_id_of(criterion.choice))
        keys = [k for k, f in criterion.points.items() if f.value == best.value]
        labels = [item.by_key[k].label for k in keys if item is not None and k in item.by_key]
        if labels:
            label = LocalizedText(" / ".join(x.to("th") for x in labels), " / ".join(x.to("en") for x in labels))
            return _need_text(CHOICE_TEXT, criterion, best.origin, label=label)
    return None


def _need_text(form: LocalizedText, criterion: Criterion, origin: str, **names: LocalizedText | str) -> LocalizedText:
    soft = ASSUMED_TEXT if origin not in ("official", "recovered") else LocalizedText()

    def to(language: str) -> str:
        given = {k: v.to(language) if isinstance(v, LocalizedText) else v for k, v in names.items()}
        return form.to(language).format(name=criterion.name.to(language), **given) + soft.to(language)

    return LocalizedText(to("th"), to("en"))
