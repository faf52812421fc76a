"""Writes of examples: picking, changing what is published, taking back, putting back."""

from __future__ import annotations

from accounts.models import User
from nation.models import PickedExample
from nation.reasons.example_rows import ExampleRow
from survey.models import Response


def pick_example(*, by: User, year: int, block: str, response: Response, row: ExampleRow, text: str) -> PickedExample:
    """Publishes a row of an answer in a block of the report; picked already, what is published is changed.

    The province's own words are kept beside what is published.
    """
    about = {"province_id": response.round.province_id, "original": row.text, "text": text, "by": by, "active": True}
    rows = PickedExample.objects
    return rows.update_or_create(year=year, block=block, response=response, address=row.address, defaults=about)[0]


def drop_example(*, by: User, example: PickedExample) -> None:
    """Takes an example back; its text is kept."""
    _switch(by, example, active=False)


def restore_example(*, by: User, example: PickedExample) -> None:
    """Publishes an example again that was taken back."""
    _switch(by, example, active=True)


def _switch(by: User, example: PickedExample, *, active: bool) -> None:
    example.active, example.by = active, by
    example.save(update_fields=["active", "by", "at"])
