"""Checking a scheme against its instrument: every fault, with its line in the scheme's file. PURE."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from scoring.scheme.check_measures import check_choice, check_measure
from scoring.scheme.lookup import InstrumentLookup
from scoring.scheme.measure_types import (
    NumberValue,
    Ratio,
    list_measured_addresses,
)
from scoring.scheme.types import Criterion, ScoringScheme, SubPillarScheme
from survey.instrument.addresses import item_id_of
from survey.instrument.schema import CompiledInstrument
from survey.instrument.source import Fault

HUNDRED = Decimal(100)


def check_weights(scheme: ScoringScheme) -> list[Fault]:
    """Faults of a scheme by itself: weights that do not add up, a scheme without levels for sub-pillars."""
    faults = []
    total = sum((p.weight.value for p in scheme.pillars), Decimal(0))
    if total != HUNDRED:
        faults.append(Fault(0, "pillars", f"the weights add up to {total}, not 100"))
    for pillar in scheme.pillars:
        subs = sum((s.weight.value for s in pillar.sub_pillars if s.weight), Decimal(0))
        if pillar.sub_pillars and subs != pillar.weight.value:
            where, wanted = f"pillar {pillar.number}", pillar.weight.value
            faults.append(Fault(pillar.line, where, f"its sub-pillars weigh {subs}, the pillar {wanted}"))
    return faults


def check_scheme(scheme: ScoringScheme, instrument: CompiledInstrument) -> list[Fault]:
    """Every fault of a scheme against the instrument it scores, in line order."""
    faults = [*check_weights(scheme), *_check_structure(scheme, instrument)]
    faults += [f for s in scheme.sub_pillars.values() for f in _check_sub_pillar(s, instrument)]
    if not scheme.table_only:
        faults += _check_questions(scheme, instrument)
    return sorted(set(faults))


def _check_structure(scheme: ScoringScheme, instrument: CompiledInstrument) -> Iterator[Fault]:
    if (scheme.instrument, scheme.year) != (instrument.key, instrument.year):
        instrument_name = f"{instrument.key} {instrument.year}"
        yield Fault(0, "scheme", f"is for {scheme.instrument} {scheme.year}, not for {instrument_name}")
    if (scheme.respondents is not None) != instrument.answering.is_each_agency:
        yield Fault(0, "respondents", "goes with a form that each agency answers, and is needed there")
    scored = {p.number for p in instrument.pillars if p.scored}
    pillars_by_number = {p.number: p for p in scheme.pillars}
    for number in sorted(scored - set(pillars_by_number)):
        yield Fault(0, f"pillar {number}", "is scored in the instrument and missing here")
    for number in sorted(set(pillars_by_number) - scored):
        yield Fault(pillars_by_number[number].line, f"pillar {number}", "is not a scored pillar of the instrument")
    for pillar in (p for p in instrument.pillars if p.scored):
        for sub in (s for s in pillar.sub_pillars if s.parent is None):
            if sub.code not in scheme.sub_pillars and pillar.number in pillars_by_number:
                line = pillars_by_number[pillar.number].line
                yield Fault(line, f"sub-pillar {sub.code}", "is in the instrument and missing here")


def _check_sub_pillar(
    sub: SubPillarScheme, instrument: CompiledInstrument, parent: str | None = None
) -> Iterator[Fault]:
    location = f"sub-pillar {sub.code}"
    instrument_sub_pillar = instrument.sub_pillars.get(sub.code)
    if instrument_sub_pillar is None or instrument_sub_pillar.parent != parent:
        place = f"a part of {parent}" if parent else "a sub-pillar"
        yield Fault(sub.line, location, f"is not {place} in the instrument")
    elif instrument_sub_pillar.external != sub.is_external and parent is None:
        says = "from outside" if instrument_sub_pillar.external else "from answers"
        yield Fault(sub.line, location, f"the instrument says its score comes {says}")
    for criterion in sub.criteria:
        criterion_location = f"{location}: {criterion.id}"
        yield from (Fault(criterion.line, criterion_location, m) for m in _check_criterion(criterion, instrument))
    for part in sub.parts:
        yield from _check_sub_pillar(part, instrument, sub.code)


def _check_criterion(criterion: Criterion, instrument: CompiledInstrument) -> Iterator[str]:
    for key in ("method", "where", "links"):
        if getattr(criterion, key) and not criterion.external:
            yield f"`{key}` stands beside `external` only"
    if criterion.choice is not None:
        yield from check_choice(criterion, instrument)
    if criterion.measure is None:
        return
    faults = list(check_measure(criterion.measure, instrument, ()))
    yield from faults
    if faults:
        return
    most = InstrumentLookup(instrument).maximum(criterion.measure)
    if most is not None and criterion.steps and criterion.steps[-1].threshold > most:
        yield f"full points need {criterion.steps[-1].threshold}, but at most {most} can be counted"
    if isinstance(criterion.measure, NumberValue | Ratio):
        return
    odd = [s.threshold for s in criterion.steps if s.threshold != s.threshold.to_integral_value()]
    yield from (f"a count is never {at}" for at in odd)


def _list_addresses(criteria: Iterable[Criterion]) -> Iterator[str]:
    for criterion in criteria:
        if criterion.choice is not None:
            yield criterion.choice
        if criterion.measure is not None:
            yield from list_measured_addresses(criterion.measure)


def find_used_questions(scheme: ScoringScheme, instrument: CompiledInstrument) -> set[str]:
    """The questions that some criterion reads."""
    items = (instrument.items.get(item_id_of(a)) for a in _list_addresses(scheme.criteria))
    return {i.question or i.id for i in items if i is not None}


def _check_questions(scheme: ScoringScheme, instrument: CompiledInstrument) -> Iterator[Fault]:
    used_questions = find_used_questions(scheme, instrument)
    left_out = {n.question: n for n in scheme.not_counted}
    scored = {q.id for q in instrument.questions if q.scored}
    for ident in sorted(scored - used_questions - set(left_out)):
        yield Fault(0, ident, "is a scored question that no criterion uses (or name it under not_counted)")
    for ident, node in left_out.items():
        if ident not in {q.id for q in instrument.questions}:
            yield Fault(node.line, f"not_counted {ident}", "is not a question of the instrument")
        elif ident in used_questions:
            yield Fault(node.line, f"not_counted {ident}", "is used by a criterion")
    for criterion in scheme.criteria:
        for address in _list_addresses([criterion]):
            item = instrument.items.get(item_id_of(address))
            if item is not None and not item.scored:
                yield Fault(criterion.line, criterion.id, f"{item.id!r} is not scored in the instrument")
