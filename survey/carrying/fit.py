"""Fitting last year's answers and evidence places to a new instrument, at their new addresses. PURE."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from survey.instrument.addresses import item_id_of
from survey.instrument.schema import AnswerValue, CompiledInstrument
from survey.instrument.values import drop_empty_rows, item_or_column_at, parse_posted_card
from survey.linking.links import QuestionLink, Relation, YearLinks


@dataclass(frozen=True, slots=True)
class FittedAnswer:
    """Last year's answer fitted to one question. `lost`: old addresses without a place in the new instrument."""

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
    """The fitted answers by question of the new instrument, in its order; questions without any are left out.

    `values`, `places`: of the old response, on its path. Of questions not comparable nothing is carried.
    """
    fitted_answers = []
    evidence = list(places)
    for question in new.questions:
        for link in links.links_to(question.id):
            if not link.comparable:
                continue
            fitted = _fit_link(link, old, new, question.id, values, evidence)
            if fitted.value or fitted.places:
                fitted_answers.append(fitted)
    return fitted_answers


def _fit_link(
    link: QuestionLink,
    old: CompiledInstrument,
    new: CompiledInstrument,
    question: str,
    values: Mapping[str, AnswerValue],
    places: Iterable[str],
) -> FittedAnswer:
    values_by_address: dict[str, list[str]] = {}
    old_address_of: dict[str, str] = {}
    for address, value in values.items():
        if old.items[item_id_of(address)].question not in link.old:
            continue
        new_address = rename_address(link, address)
        new_values = _fit_options(link, new, address, new_address, value)
        # Of several questions that became one the first that says something counts; lists are joined.
        if new_address not in values_by_address:
            values_by_address[new_address], old_address_of[new_address] = new_values, address
        elif isinstance(value, list):
            values_by_address[new_address] += [p for p in new_values if p not in values_by_address[new_address]]
    fitted_values, _invalid = parse_posted_card(
        new.items[question], {a: v for a, v in values_by_address.items() if any(v)}
    )
    fitted_values = drop_empty_rows(fitted_values, new.items)
    lost = tuple(
        old_address_of[a] for a in values_by_address if a not in fitted_values and _belongs_to(new, a, question)
    )
    return FittedAnswer(
        question, link.relation, fitted_values, _fit_places(link, old, new, question, places, fitted_values), lost
    )


def _belongs_to(new: CompiledInstrument, address: str, question: str) -> bool:
    item = new.items.get(item_id_of(address))
    return item is None or item.question == question


def _fit_places(
    link: QuestionLink,
    old: CompiledInstrument,
    new: CompiledInstrument,
    question: str,
    places: Iterable[str],
    fitted_values: Mapping[str, AnswerValue],
) -> dict[str, tuple[str, ...]]:
    """Old evidence places by new place, for the fitted values of one question."""
    fitted_places: dict[str, tuple[str, ...]] = {}
    for place in places:
        if old.items[item_id_of(place)].question not in link.old:
            continue
        head, equals, option = place.partition("=")
        new_place = rename_address(link, head)
        if equals:
            keys = _fit_options(link, new, head, new_place, [option])
            new_place = f"{new_place}={keys[0]}" if keys else ""
        item = new.items.get(item_id_of(new_place)) if new_place else None
        if item is not None and item.question == question and _is_place_kept(new_place, fitted_values):
            fitted_places[new_place] = (*fitted_places.get(new_place, ()), place)
    return fitted_places


def _is_place_kept(place: str, fitted_values: Mapping[str, AnswerValue]) -> bool:
    head, equals, option = place.partition("=")
    if "#" in head and "/" not in head[head.rindex("#") :]:
        repeat, _hash, row = head.rpartition("#")
        return row in fitted_values.get(repeat, ())
    value = fitted_values.get(head)
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
    old_values = value if isinstance(value, list) else [value]
    if owner is None or owner.kind not in ("single", "multi"):
        return list(old_values)
    local = address.rsplit("#", 1)[-1].partition("/")[2] if "#" in address else address
    names = link.options.get(local) or link.options.get(item_id_of(address)) or {}
    keys = [names.get(key, key) for key in old_values]
    return [key for key in keys if key is not None and key in owner.by_key]
