"""Reads of examples: items that have any, answers to pick from, what is picked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet

from accounts.respondents import of_provinces
from dgready.lru_cache import LruCache
from dgready.prepared_select import GREATEST_SMALL, PreparedSelect
from nation.models import PickedExample
from nation.reasons.example_rows import ExampleRow, example_items, example_rows, item_of
from nation.reasons.queries import READ_STATES
from survey.answering.queries import response_state_key
from survey.instrument.path import QuestionnairePath, resolve_path
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import AnswerValue, CompiledInstrument, Item
from survey.models import Answer, Response

PER_PAGE: Final = 20  # answers of a page: each has its path walked once
# Paths by the state of the response, so that going back and forth between the pages of a list walks none again.
_PATHS: LruCache[QuestionnairePath] = LruCache(256)


@dataclass(frozen=True, slots=True)
class ExampleItem:
    """An item of the form with how many provinces answered its question, and how many examples are picked."""

    item: Item
    answered: int
    picked: int


@dataclass(frozen=True, slots=True)
class ProvinceRows:
    """What one province's answer offers."""

    response: Response
    rows: tuple[ExampleRow, ...]


class ExampleCounts(NamedTuple):
    """By id of a question how many provinces answered it, and the addresses of picked examples."""

    answered: tuple[tuple[str, int], ...]
    picked: tuple[str, ...]


def count_examples(year: int) -> ExampleCounts:
    """What a year has to pick from, and what is picked. Two queries."""
    within = min(year, GREATEST_SMALL)
    return ExampleCounts(tuple(_ANSWERED.all(within)), tuple(address for (address,) in _PICKED.all(within)))


def list_example_items(form: CompiledInstrument, counts: ExampleCounts) -> list[ExampleItem]:
    """The items that a province may have said something at, in the order of the form. No query."""
    answered, picked = dict(counts.answered), Counter(map(item_of, counts.picked))
    return [
        ExampleItem(item, answered.get(item.question or item.id, 0), picked[item.id])
        for item in example_items(form).values()
        if answered.get(item.question or item.id)
    ]


def readable_answers(year: int) -> QuerySet[Response]:
    """The provincial answers of a year that are submitted or approved."""
    return Response.objects.filter(
        of_provinces("round__province"), agency=None, round__year=year, state__in=READ_STATES
    )


_ANSWERED: Final[PreparedSelect[Any]] = PreparedSelect(
    lambda year: (
        Answer.objects.filter(response__in=readable_answers(year))
        .order_by("question__item_id")
        .values_list("question__item_id")
        .annotate(Count("response"))
    )
)
_PICKED: Final[PreparedSelect[Any]] = PreparedSelect(
    lambda year: PickedExample.objects.filter(year=year, active=True).order_by("pk").values_list("address")
)


def read_example_page(year: int, item: Item, number: str | None) -> tuple[Page[Response], list[ProvinceRows]]:
    """One page of the answers that have the item's question, with what each offers. Three queries."""
    answering = Answer.objects.filter(question__item_id=item.question or item.id).values("response")
    rows = readable_answers(year).filter(pk__in=answering).select_related("round__province", "round__instrument")
    rows = rows.defer("round__instrument__source").order_by("round__province__code")
    page = Paginator(rows, PER_PAGE).get_page(number)
    responses = list(page)
    return page, [ProvinceRows(one, tuple(example_rows(path, item))) for one, path in read_paths(responses)]


def read_paths(responses: Iterable[Response]) -> list[tuple[Response, QuestionnairePath]]:
    """The paths of answers as they are stored. One query."""
    wanted = list(responses)
    values: dict[int, dict[str, AnswerValue]] = {one.pk: {} for one in wanted}
    stored = Answer.objects.filter(response__in=wanted)
    for pk, value in stored.values_list("response", "value"):
        values[pk].update(value)
    return [(one, _path(one, values[one.pk])) for one in wanted]


def _path(response: Response, values: dict[str, AnswerValue]) -> QuestionnairePath:
    form = compiled_instrument(response.round.instrument)
    state = response_state_key(response)
    key = None if state is None else (*state, response.round.instrument.checksum)
    return _PATHS.get(key, lambda: resolve_path(form, values))


def find_example_row(year: int, item: Item, response: int, address: str) -> tuple[Response, ExampleRow] | None:
    """One row of one province; None where there is none of that address now. Two queries."""
    rows = readable_answers(year).filter(pk=response).select_related("round__province", "round__instrument")
    found = rows.defer("round__instrument__source").first()
    if found is None:
        return None
    [(_response, path)] = read_paths([found])
    row = next((one for one in example_rows(path, item) if one.address == address), None)
    return None if row is None else (found, row)


def picked_of(year: int, item: str) -> list[PickedExample]:
    """The examples picked of an item, also those taken back. One query."""
    return list(picked_rows(year, item).select_related("province").order_by("pk"))


def picked_rows(year: int, item: str) -> QuerySet[PickedExample]:
    """The examples of an item, by their addresses."""
    return PickedExample.objects.filter(Q(address=item) | Q(address__startswith=f"{item}#"), year=year)
