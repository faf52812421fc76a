"""Lists that are cut: the first rows of a query together with how many others there are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, TypeVar

from django.db.models import Count, Model, QuerySet, Window

Row = TypeVar("Row")
ModelRow = TypeVar("ModelRow", bound=Model)


class Shortened(list[Row], Generic[Row]):
    """The first rows of a list. `more`: how many it leaves out, for templates/components/_more.html."""

    def __init__(self, rows: Iterable[Row], more: int = 0) -> None:
        super().__init__(rows)
        self.more = more

    @property
    def in_all(self) -> int:
        """How many there are with those left out."""
        return len(self) + self.more


def shorten_list(rows: list[Row], most: int) -> Shortened[Row]:
    """The first `most` of a list."""
    return Shortened(rows[:most], max(len(rows) - most, 0))


def first_rows(rows: QuerySet[ModelRow], most: int) -> Shortened[ModelRow]:
    """The first `most` rows of a query. One query, which counts the others too."""
    found = list(rows.annotate(rows_in_all=Window(Count("pk")))[:most])
    return Shortened(found, found[0].rows_in_all - len(found) if found else 0)  # type: ignore[attr-defined]
