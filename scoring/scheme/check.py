"""What must hold across a scheme and its instrument: every fault, with its line in the scheme's file. PURE."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from scoring.scheme.lookup import InstrumentLookup
from scoring.scheme.types import (
    AnsweredFieldCount,
    CombinedMeasure,
    Criterion,
    Measure,
    NumberValue,
    OptionCount,
    Ratio,
    RepeatRowCount,
    ScoringScheme,
    SubPillarScheme,
    TableRowCount,
    list_measured_addresses,
)
from survey.instrument.addresses import item_id_of
from survey.instrument.schema import CompiledInstrument, Item, TableColumn
from survey.instrument.source import Fault

HUNDRED = Decimal(100)
CHOICE_KINDS = frozenset({"single", "multi"})


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
        found = f"{instrument.key} {instrument.year}"
        yield Fault(0, "scheme", f"is for {scheme.instrument} {scheme.year}, not for {found}")
    scored = {p.number for p in instrument.pillars if p.scored}
    given = {p.number: p for p in scheme.pillars}
    for number in sorted(scored - set(given)):
        yield Fault(0, f"pillar {number}", "is scored in the instrument and missing here")
    for number in sorted(set(given) - scored):
        yield Fault(given[number].line, f"pillar {number}", "is not a scored pillar of the instrument")
    for pillar in (p for p in instrument.pillars if p.scored):
        for sub in (s for s in pillar.sub_pillars if s.parent is None):
            if sub.code not in scheme.sub_pillars and pillar.number in given:
                line = given[pillar.number].line
                yield Fault(line, f"sub-pillar {sub.code}", "is in the instrument and missing here")


def _check_sub_pillar(
    sub: SubPillarScheme, instrument: CompiledInstrument, parent: str | None = None
) -> Iterator[Fault]:
    where = f"sub-pillar {sub.code}"
    known = instrument.sub_pillars.get(sub.code)
    if known is None or known.parent != parent:
        place = f"a part of {parent}" if parent else "a sub-pillar"
        yield Fault(sub.line, where, f"is not {place} in the instrument")
    elif known.external != sub.is_external and parent is None:
        says = "from outside" if known.external else "from answers"
        yield Fault(sub.line, where, f"the instrument says its score comes {says}")
    for criterion in sub.criteria:
        here = f"{where}: {criterion.id}"
        yield from (Fault(criterion.line, here, m) for m in _check_criterion(criterion, instrument))
    for part in sub.parts:
        yield from _check_sub_pillar(part, instrument, sub.code)


def _check_criterion(criterion: Criterion, instrument: CompiledInstrument) -> Iterator[str]:
    if criterion.choice is not None:
        yield from _check_choice(criterion, instrument)
    if criterion.measure is None:
        return
    wrong = list(_check_measure(criterion.measure, instrument, ()))
    yield from wrong
    if wrong:
        return
    full = InstrumentLookup(instrument).full(criterion.measure)
    if full is not None and criterion.steps and criterion.steps[-1].at > full:
        yield f"full points need {criterion.steps[-1].at}, but at most {full} can be counted"
    if isinstance(criterion.measure, NumberValue | Ratio):
        return
    odd = [s.at for s in criterion.steps if s.at != s.at.to_integral_value()]
    yield from (f"a count is never {at}" for at in odd)


def _check_choice(criterion: Criterion, instrument: CompiledInstrument) -> Iterator[str]:
    owner = _find_field(criterion.choice or "", instrument)
    if owner is None:
        yield f"unknown field {criterion.choice!r}"
    elif owner.kind != "single":
        yield f"{criterion.choice!r} is not a single choice"
    else:
        if _find_repeat(criterion.choice or "", instrument) is not None:
            yield f"{criterion.choice!r} is inside a repeat: count its rows"
        keys = {o.key for o in owner.options}
        yield from (f"{criterion.choice!r} has no option {k!r}" for k in criterion.points if k not in keys)
        yield from (f"no points for option {k!r}" for k in sorted(keys - set(criterion.points)))


# -- measures -------------------------------------------------------------------------------------


def _check_measure(measure: Measure, instrument: CompiledInstrument, inside: tuple[str, ...]) -> Iterator[str]:
    if isinstance(measure, CombinedMeasure):
        for part in measure.parts:
            yield from _check_measure(part, instrument, inside)
    elif isinstance(measure, TableRowCount):
        yield from _check_table_rows(measure, instrument)
    elif isinstance(measure, RepeatRowCount):
        yield from _check_repeats(measure, instrument, inside)
    elif isinstance(measure, NumberValue | Ratio):
        for address in list_measured_addresses(measure):
            yield from _check_number(address, instrument)
    else:
        for address in measure.of:
            yield from _check_field(measure, address, instrument, inside)
        if isinstance(measure, OptionCount):
            yield from _check_option_keys(measure, instrument)


def _check_field(
    measure: OptionCount | AnsweredFieldCount, address: str, instrument: CompiledInstrument, inside: tuple[str, ...]
) -> Iterator[str]:
    owner = _find_field(address, instrument)
    if owner is None:
        yield f"unknown field {address!r}"
    elif isinstance(measure, OptionCount) and owner.kind not in CHOICE_KINDS:
        yield f"{address!r} has no options to count"
    elif owner.kind in ("group", "repeat", "table"):
        yield f"{address!r} is a {owner.kind}, not a field"
    repeat = _find_repeat(address, instrument)
    if inside and repeat is not None and repeat != inside[-1]:
        yield f"{address!r} is not an item of {inside[-1]!r}"


def _check_option_keys(measure: OptionCount, instrument: CompiledInstrument) -> Iterator[str]:
    owners = [o for o in (_find_field(a, instrument) for a in measure.of) if o is not None]
    known = {o.key for owner in owners for o in owner.options}
    named = [*measure.only, *measure.besides]
    yield from (f"no option {k!r} in {', '.join(measure.of)}" for k in named if owners and k not in known)


def _check_table_rows(measure: TableRowCount, instrument: CompiledInstrument) -> Iterator[str]:
    table = instrument.items.get(measure.of)
    if table is None or table.kind != "table":
        yield f"unknown table {measure.of!r}"
        return
    column = next((c for c in table.columns if c.key == measure.column), None)
    if column is None:
        yield f"{measure.of!r} has no column {measure.column!r}"
    else:
        keys = {o.key for o in column.options}
        yield from (f"column {measure.column!r} has no option {k!r}" for k in measure.answers if k not in keys)
    rows = {k for k, _ in table.answer_rows}
    named = [*measure.only, *measure.besides]
    yield from (f"{measure.of!r} has no row {k!r}" for k in named if k not in rows)


def _check_repeats(measure: RepeatRowCount, instrument: CompiledInstrument, inside: tuple[str, ...]) -> Iterator[str]:
    for ident in measure.of:
        item = instrument.items.get(ident)
        if item is None or item.kind != "repeat":
            yield f"unknown repeat {ident!r}"
        elif measure.having is not None:
            yield from _check_measure(measure.having, instrument, (*inside, ident))


def _check_number(address: str, instrument: CompiledInstrument) -> Iterator[str]:
    item = instrument.items.get(address)
    if item is None or item.kind != "number":
        yield f"unknown number {address!r}"
    elif item.repeat is not None:
        yield f"{address!r} is inside a repeat"


def _find_field(address: str, instrument: CompiledInstrument) -> Item | TableColumn | None:
    item = instrument.items.get(item_id_of(address))
    if item is None or item.kind != "table" or "/" not in address:
        return item if "/" not in address else None
    parts = address.split("/")
    if len(parts) != 3 or parts[1] not in {k for k, _ in item.answer_rows}:
        return None
    return next((c for c in item.columns if c.key == parts[2]), None)


def _find_repeat(address: str, instrument: CompiledInstrument) -> str | None:
    item = instrument.items.get(item_id_of(address))
    return item.repeat if item is not None else None


# -- questions ------------------------------------------------------------------------------------


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
    used = find_used_questions(scheme, instrument)
    left_out = {n.question: n for n in scheme.not_counted}
    scored = {q.id for q in instrument.questions if q.scored}
    for ident in sorted(scored - used - set(left_out)):
        yield Fault(0, ident, "is a scored question that no criterion uses (or name it under not_counted)")
    for ident, node in left_out.items():
        if ident not in {q.id for q in instrument.questions}:
            yield Fault(node.line, f"not_counted {ident}", "is not a question of the instrument")
        elif ident in used:
            yield Fault(node.line, f"not_counted {ident}", "is used by a criterion")
    for criterion in scheme.criteria:
        for address in _list_addresses([criterion]):
            item = instrument.items.get(item_id_of(address))
            if item is not None and not item.scored:
                yield Fault(criterion.line, criterion.id, f"{item.id!r} is not scored in the instrument")
