"""Old answers and evidence places put into a new form: what fits, at its new address. PURE."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from survey.carrying.links import Link, Links, Relation
from survey.instrument.address import item_id
from survey.instrument.schema import Instrument, Value
from survey.instrument.values import owner_of, parse, tidy


@dataclass(frozen=True, slots=True)
class Fitted:
    """What of last year's answers belongs to one question now. `lost`: old addresses that found no place."""

    question: str
    relation: Relation
    value: dict[str, Value]
    places: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lost: tuple[str, ...] = ()


def fit(
    links: Links, old: Instrument, new: Instrument, values: Mapping[str, Value], places: Iterable[str]
) -> list[Fitted]:
    """By question of the new form, in its order: the values and the old evidence places by new one, where any fit.

    `values`, `places`: of the old response, on its path. Of questions not comparable nothing is carried.
    """
    found = []
    evidence = list(places)
    for question in new.questions:
        for link in links.to(question.id):
            if not link.comparable:
                continue
            one = _fit(link, old, new, question.id, values, evidence)
            if one.value or one.places:
                found.append(one)
    return found


def _fit(
    link: Link, old: Instrument, new: Instrument, question: str, values: Mapping[str, Value], places: Iterable[str]
) -> Fitted:
    given: dict[str, list[str]] = {}
    origin: dict[str, str] = {}
    for address, value in values.items():
        if old.items[item_id(address)].question not in link.old:
            continue
        moved = renamed(link, address)
        picked = _options(link, new, address, moved, value)
        # Of several questions that became one the first that says something counts; lists are joined.
        if moved not in given:
            given[moved], origin[moved] = picked, address
        elif isinstance(value, list):
            given[moved] += [p for p in picked if p not in given[moved]]
    kept, _invalid = parse(new.items[question], {a: v for a, v in given.items() if any(v)})
    kept = tidy(kept)
    lost = tuple(origin[a] for a in given if a not in kept and _belongs(new, a, question))
    return Fitted(question, link.relation, kept, _places(link, old, new, question, places, kept), lost)


def _belongs(new: Instrument, address: str, question: str) -> bool:
    item = new.items.get(item_id(address))
    return item is None or item.question == question


def _places(
    link: Link, old: Instrument, new: Instrument, question: str, places: Iterable[str], kept: Mapping[str, Value]
) -> dict[str, tuple[str, ...]]:
    """Old places by new one: those of what is carried, in the question they belong to now."""
    out: dict[str, tuple[str, ...]] = {}
    for place in places:
        if old.items[item_id(place)].question not in link.old:
            continue
        head, equals, option = place.partition("=")
        moved = renamed(link, head)
        if equals:
            keys = _options(link, new, head, moved, [option])
            moved = f"{moved}={keys[0]}" if keys else ""
        item = new.items.get(item_id(moved)) if moved else None
        if item is not None and item.question == question and _is_kept(moved, kept):
            out[moved] = (*out.get(moved, ()), place)
    return out


def _is_kept(place: str, kept: Mapping[str, Value]) -> bool:
    head, equals, option = place.partition("=")
    if "#" in head and "/" not in head[head.rindex("#") :]:
        repeat, _hash, row = head.rpartition("#")
        return row in kept.get(repeat, ())
    value = kept.get(head)
    if value is None:
        return False
    return not equals or option in (value if isinstance(value, list) else [value])


def renamed(link: Link, address: str) -> str:
    """An address as the new form has it: each item on the way under its new name."""
    parts = address.split("#")
    parts[0] = _rename(link, parts[0])
    for number, part in enumerate(parts[1:], start=1):
        row, slash, rest = part.partition("/")
        parts[number] = f"{row}/{_rename(link, rest)}" if slash else row
    return "#".join(parts)


def _rename(link: Link, address: str) -> str:
    if address in link.items:
        return link.items[address]
    head, slash, rest = address.partition("/")
    named = link.items.get(head)
    if named is None and len(link.old) == len(link.new) == 1 and head == link.old[0]:
        named = link.new[0]  # a question under another name
    return f"{named}{slash}{rest}" if named else address


def _options(link: Link, new: Instrument, address: str, moved: str, value: Value) -> list[str]:
    """The values as lists; keys of options under their new names, without those that are gone."""
    owner = owner_of(new, moved)
    given = value if isinstance(value, list) else [value]
    if owner is None or owner.kind not in ("single", "multi"):
        return list(given)
    local = address.rsplit("#", 1)[-1].partition("/")[2] if "#" in address else address
    names = link.options.get(local) or link.options.get(item_id(address)) or {}
    keys = [names.get(key, key) for key in given]
    return [key for key in keys if key is not None and key in owner.by_key]
