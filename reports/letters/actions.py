"""Actions on the letters' texts: save, back to the shipped text, undo. Each adds a revision and an event of the log."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.actions import NotAllowed
from accounts.actions.log import record_account_event
from accounts.models import Province, User
from accounts.roles import Capability
from reports.letters.queries import TEXT_FIELDS, CurrentText, current_text, get_revision, text_of
from reports.letters.wording import LetterText, unknown_placeholders
from reports.models import LetterKind, LetterTemplate


class TextChanged(Exception):
    """Somebody else changed the text since it was read; nothing is written. `current`: as it stands now."""

    def __init__(self, current: CurrentText) -> None:
        super().__init__(f"revision {current.revision}")
        self.current = current


def save_text(
    *, by: User, province: Province, letter: LetterKind, text: LetterText, base: int
) -> LetterTemplate | None:
    """Words a letter; None where that changes nothing. `base`: the revision that was read.

    Raises NotAllowed, TextChanged; ValueError for an unknown placeholder.
    """
    if any(unknown_placeholders(part, letter) for _name, part in text.texts()):
        raise ValueError("a letter with an unknown placeholder")
    with transaction.atomic():
        current = _lock(by, province, letter, base)
        if current.text == text:
            return None
        return _add(by, province, current, text, verb="letter_text")


def restore_shipped(*, by: User, province: Province, letter: LetterKind, base: int) -> LetterTemplate | None:
    """Makes the shipped text count again; None where it does. Raises NotAllowed, TextChanged."""
    with transaction.atomic():
        current = _lock(by, province, letter, base)
        return None if current.is_shipped else _add(by, province, current, None, verb="letter_text_restore")


def undo_last(*, by: User, province: Province, letter: LetterKind, base: int) -> LetterTemplate | None:
    """Puts back what counted before the newest revision; None where there is none. Raises NotAllowed, TextChanged."""
    with transaction.atomic():
        current = _lock(by, province, letter, base)
        if current.row is None:
            return None
        before = get_revision(province, letter, current.revision - 1)
        text = None if before is None or before.shipped else text_of(before, letter)
        return _add(by, province, current, text, verb="letter_text_undo")


def _lock(by: User, province: Province, letter: LetterKind, base: int) -> CurrentText:
    if not by.has(Capability.ASSIGN, province_id=province.pk):
        raise NotAllowed
    Province.objects.select_for_update().get(pk=province.pk)  # of two at once the second sees the first
    current = current_text(province, letter)
    if current.revision != base:
        raise TextChanged(current)
    return current


def _add(by: User, province: Province, current: CurrentText, text: LetterText | None, *, verb: str) -> LetterTemplate:
    """Adds a revision with that text, None for the shipped one."""
    values = {name: getattr(text, name) for name in TEXT_FIELDS} if text else {}
    row = LetterTemplate.objects.create(
        province=province,
        letter=current.letter,
        revision=current.revision + 1,
        shipped=text is None,
        by=by,
        at=timezone.now(),
        **values,
    )
    before = _logged(current.letter, current.revision, current.text, current.is_shipped)
    after = _logged(
        current.letter, row.revision, text_of(row, current.letter, department=current.department), row.shipped
    )
    record_account_event(by=by, verb=verb, province=province, before=before, after=after)
    return row


def _logged(letter: str, revision: int, text: LetterText, shipped: bool) -> dict[str, Any]:
    values = {name: getattr(text, name) for name in TEXT_FIELDS}
    return {"letter": letter, "revision": revision, "shipped": shipped, **values}
