"""What must hold across a scheme and its instrument: every fault, with its line in the scheme's file. PURE."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from scoring.scheme.lookup import InstrumentLookup
from scoring.scheme.types import (
    Answered,
    Criterion,
    Joined,
    Measure,
    Number,
    Options,
    Ratio,
    Repeats,
    Rows,
    Scheme,
    SubScheme,
    items_read,
)
from survey.instrument.address import item_id
from survey.instrument.schema import Column, Instrument, Item
from survey.instrument.source import Fault

HUNDRED = Decimal(100)
FLAT = frozenset({"single", "multi"})


def check_weights(scheme: Scheme) -> list[Fault]:
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


def check(scheme: Scheme, instrument: Instrument) -> list[Fault]:
    """Every fault of a scheme against the instrument it scores, in line order."""
    faults = [*check_weights(scheme), *_heads(scheme, instrument)]
    faults += [f for s in scheme.sub_pillars.values() for f in _sub(s, instrument)]
    if not scheme.table_only:
        faults += _questions(scheme, instrument)
    return sorted(set(faults))


def _heads(scheme: Scheme, instrument: Instrument) -> Iterator[Fault]:
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


def _sub(sub: SubScheme, instrument: Instrument, parent: str | None = None) -> Iterator[Fault]:
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
        yield from (Fault(criterion.line, here, m) for m in _criterion(criterion, instrument))
    for part in sub.parts:
        yield from _sub(part, instrument, sub.code)


def _criterion(criterion: Criterion, instrument: Instrument) -> Iterator[str]:
    if criterion.choice is not None:
        yield from _choice(criterion, instrument)
    if criterion.measure is None:
        return
    wrong = list(_measure(criterion.measure, instrument, ()))
    yield from wrong
    if wrong:
        return
    full = InstrumentLookup(instrument).full(criterion.measure)
    if full is not None and criterion.steps and criterion.steps[-1].at > full:
        yield f"full points need {criterion.steps[-1].at}, but at most {full} can be counted"
    if isinstance(criterion.measure, Number | Ratio):
        return
    odd = [s.at for s in criterion.steps if s.at != s.at.to_integral_value()]
    yield from (f"a count is never {at}" for at in odd)


def _choice(criterion: Criterion, instrument: Instrument) -> Iterator[str]:
    owner = _owner(criterion.choice or "", instrument)
    if owner is None:
        yield f"unknown field {criterion.choice!r}"
    elif owner.kind != "single":
        yield f"{criterion.choice!r} is not a single choice"
    else:
        if _repeat_of(criterion.choice or "", instrument) is not None:
            yield f"{criterion.choice!r} is inside a repeat: count its rows"
        keys = {o.key for o in owner.options}
        yield from (f"{criterion.choice!r} has no option {k!r}" for k in criterion.points if k not in keys)
        yield from (f"no points for option {k!r}" for k in sorted(keys - set(criterion.points)))


# -- measures -------------------------------------------------------------------------------------


def _measure(measure: Measure, instrument: Instrument, inside: tuple[str, ...]) -> Iterator[str]:
    if isinstance(measure, Joined):
        for part in measure.parts:
            yield from _measure(part, instrument, inside)
    elif isinstance(measure, Rows):
        yield from _rows(measure, instrument)
    elif isinstance(measure, Repeats):
        yield from _repeats(measure, instrument, inside)
    elif isinstance(measure, Number | Ratio):
        for address in items_read(measure):
            yield from _number(address, instrument)
    else:
        for address in measure.of:
            yield from _field(measure, address, instrument, inside)
        if isinstance(measure, Options):
            yield from _keys(measure, instrument)


def _field(measure: Options | Answered, address: str, instrument: Instrument, inside: tuple[str, ...]) -> Iterator[str]:
    owner = _owner(address, instrument)
    if owner is None:
        yield f"unknown field {address!r}"
    elif isinstance(measure, Options) and owner.kind not in FLAT:
        yield f"{address!r} has no options to count"
    elif owner.kind in ("group", "repeat", "table"):
        yield f"{address!r} is a {owner.kind}, not a field"
    repeat = _repeat_of(address, instrument)
    if inside and repeat is not None and repeat != inside[-1]:
        yield f"{address!r} is not an item of {inside[-1]!r}"


def _keys(measure: Options, instrument: Instrument) -> Iterator[str]:
    owners = [o for o in (_owner(a, instrument) for a in measure.of) if o is not None]
    known = {o.key for owner in owners for o in owner.options}
    named = [*measure.only, *measure.besides]
    yield from (f"no option {k!r} in {', '.join(measure.of)}" for k in named if owners and k not in known)


def _rows(measure: Rows, instrument: Instrument) -> Iterator[str]:
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


def _repeats(measure: Repeats, instrument: Instrument, inside: tuple[str, ...]) -> Iterator[str]:
    for ident in measure.of:
        item = instrument.items.get(ident)
        if item is None or item.kind != "repeat":
            yield f"unknown repeat {ident!r}"
        elif measure.having is not None:
            yield from _measure(measure.having, instrument, (*inside, ident))


def _number(address: str, instrument: Instrument) -> Iterator[str]:
    item = instrument.items.get(address)
    if item is None or item.kind != "number":
        yield f"unknown number {address!r}"
    elif item.repeat is not None:
        yield f"{address!r} is inside a repeat"


def _owner(address: str, instrument: Instrument) -> Item | Column | None:
    item = instrument.items.get(item_id(address))
    if item is None or item.kind != "table" or "/" not in address:
        return item if "/" not in address else None
    parts = address.split("/")
    if len(parts) != 3 or parts[1] not in {k for k, _ in item.answer_rows}:
        return None
    return next((c for c in item.columns if c.key == parts[2]), None)


def _repeat_of(address: str, instrument: Instrument) -> str | None:
    item = instrument.items.get(item_id(address))
    return item.repeat if item is not None else None


# -- questions ------------------------------------------------------------------------------------


def _read(criteria: Iterable[Criterion]) -> Iterator[str]:
    for criterion in criteria:
        if criterion.choice is not None:
            yield criterion.choice
        if criterion.measure is not None:
            yield from items_read(criterion.measure)


def used_questions(scheme: Scheme, instrument: Instrument) -> set[str]:
    """The questions that some criterion reads."""
    items = (instrument.items.get(item_id(a)) for a in _read(scheme.criteria))
    return {i.question or i.id for i in items if i is not None}


def _questions(scheme: Scheme, instrument: Instrument) -> Iterator[Fault]:
    used = used_questions(scheme, instrument)
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
        for address in _read([criterion]):
            item = instrument.items.get(item_id(address))
            if item is not None and not item.scored:
                yield Fault(criterion.line, criterion.id, f"{item.id!r} is not scored in the instrument")
