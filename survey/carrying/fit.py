"""Old answers and evidence places put into a new form: what fits, at its new address. PURE."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from survey.carrying.links import QuestionLink, Relation, YearLinks
from survey.instrument.addresses import item_id_of
from survey.instrument.schema import AnswerValue, CompiledInstrument
from survey.instrument.values import drop_empty_rows, item_or_column_at, parse_posted_card


@dataclass(frozen=True, slots=True)
class FittedAnswer:
    """What of last year's answers belongs to one question now. `lost`: old addresses that found no place."""

    question: str
    relation: Relation
    value: dict[str, AnswerValue]
    places: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lost: tuple[str, ...] = ()


def fit_answers(
    links: YearLinks,
    old: CompiledInstrument,
    new: CompiledInstrument,
    values: Mapping[str, AnswerValue],
    places: Iterable[str],
) -> list[FittedAnswer]:
    """By question of the new form, in its order: the values and the old evidence places by new one, where any fit.

    `values`, `places`: of the old response, on its path. Of questions not comparable nothing is carried.
    """
    found = []
    evidence = list(places)
    for question in new.questions:
        for link in links.to(question.id):
            if not link.comparable:
                continue
            one = _fit_link(link, old, new, question.id, values, evidence)
            if one.value or one.places:
                found.append(one)
    return found


def _fit_link(
    link: QuestionLink,
    old: CompiledInstrument,
    new: CompiledInstrument,
    question: str,
    values: Mapping[str, AnswerValue],
    places: Iterable[str],
) -> FittedAnswer:
    given: dict[str, list[str]] = {}
    origin: dict[str, str] = {}
    for address, value in values.items():
        if old.items[item_id_of(address)].question not in link.old:
            continue
        moved = rename_address(link, address)
        picked = _fit_options(link, new, address, moved, value)
        # Of several questions that became one the first that says something counts; lists are joined.
        if moved not in given:
            given[moved], origin[moved] = picked, address
        elif isinstance(value, list):
            given[moved] += [p for p in picked if p not in given[moved]]
    kept, _invalid = parse_posted_card(new.items[question], {a: v for a, v in given.items() if any(v)})
    kept = drop_empty_rows(kept)
    lost = tuple(origin[a] for a in given if a not in kept and _belongs_to(new, a, question))
    return FittedAnswer(question, link.relation, kept, _fit_places(link, old, new, question, places, kept), lost)


def _belongs_to(new: CompiledInstrument, address: str, question: str) -> bool:
    item = new.items.get(item_id_of(address))
    return item is None or item.question == question


def _fit_places(
    link: QuestionLink,
    old: CompiledInstrument,
    new: CompiledInstrument,
    question: str,
    places: Iterable[str],
    kept: Mapping[str, AnswerValue],
) -> dict[str, tuple[str, ...]]:
    """Old places by new one: those of what is carried, in the question they belong to now."""
    out: dict[str, tuple[str, ...]] = {}
    for place in places:
        if old.items[item_id_of(place)].question not in link.old:
            continue
        head, equals, option = place.partition("=")
        moved = rename_address(link, head)
        if equals:
            keys = _fit_options(link, new, head, moved, [option])
            moved = f"{moved}={keys[0]}" if keys else ""
        item = new.items.get(item_id_of(moved)) if moved else None
        if item is not None and item.question == question and _is_place_kept(moved, kept):
            out[moved] = (*out.get(moved, ()), place)
    return out


def _is_place_kept(place: str, kept: Mapping[str, AnswerValue]) -> bool:
    head, equals, option = place.partition("=")
    if "#" in head and "/" not in head[head.rindex("#") :]:
        repeat, _hash, row = head.rpartition("#")
        return row in kept.get(repeat, ())
    value = kept.get(head)
    if value is None:
        return False
    return not equals or option in (value if isinstance(value, list) else [value])


def rename_address(link: QuestionLink, address: str) -> str:
    """An address as the new form has it: each item on the way under its new name."""
    parts = address.split("#")
    parts[0] = _rename_within_row(link, parts[0])
    for number, part in enumerate(parts[1:], start=1):
        row, slash, rest = part.partition("/")
        parts[number] = f"{row}/{_rename_within_row(link, rest)}" if slash else row
    return "#".join(parts)


def _rename_within_row(link: QuestionLink, address: str) -> str:
    if address in link.items:
        return link.items[address]
    head, slash, rest = address.partition("/")
    named = link.items.get(head)
    if named is None and len(link.old) == len(link.new) == 1 and head == link.old[0]:
        named = link.new[0]  # a question under another name
    return f"{named}{slash}{rest}" if named else address


def _fit_options(
    link: QuestionLink, new: CompiledInstrument, address: str, moved: str, value: AnswerValue
) -> list[str]:
    """The values as lists; keys of options under their new names, without those that are gone."""
    owner = item_or_column_at(new, moved)
    given = value if isinstance(value, list) else [value]
    if owner is None or owner.kind not in ("single", "multi"):
        return list(given)
    local = address.rsplit("#", 1)[-1].partition("/")[2] if "#" in address else address
    names = link.options.get(local) or link.options.get(item_id_of(address)) or {}
    keys = [names.get(key, key) for key in given]
    return [key for key in keys if key is not None and key in owner.by_key]
