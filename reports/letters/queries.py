"""Reads of the letters' texts: the one that counts in a province, its revisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Province
from dgready.prepared_select import PreparedSelect
from dgready.shortened import Shortened, first_rows
from reports.letters.shipped import shipped_text
from reports.letters.wording import LetterText
from reports.models import LetterKind, LetterTemplate

TEXT_FIELDS = ("office", "subject", "addressee", "reference", "body", "signatory", "contact", "thai_digits")
SHOWN_REVISIONS = 20


@dataclass(frozen=True, slots=True)
class CurrentText:
    """The Thai text of a letter that counts in a province. `row`: its revision, None where it was never changed.

    `department`: of one, not of a province.
    """

    letter: LetterKind
    text: LetterText
    row: LetterTemplate | None
    department: bool = False

    @property
    def revision(self) -> int:
        """The number of the revision, 0 for none."""
        return self.row.revision if self.row else 0

    @property
    def is_shipped(self) -> bool:
        """Whether it is the shipped text."""
        return self.row is None or self.row.shipped

    def to(self, language: str) -> tuple[LetterText, str]:
        """The text for a reader of `language`, and its own language: a province words its letters in Thai only."""
        if language == "en" and self.is_shipped:
            return shipped_text(self.letter, "en", department=self.department), "en"
        return self.text, "th"


def text_of(row: LetterTemplate | None, letter: str, *, department: bool = False) -> LetterText:
    """The Thai text that a revision makes count; without one the shipped text."""
    if row is None or row.shipped:
        return shipped_text(letter, department=department)
    return LetterText(**{name: getattr(row, name) for name in TEXT_FIELDS})


def current_text(province: Province, letter: LetterKind) -> CurrentText:
    """The text of one letter. One query."""
    row = LetterTemplate.objects.filter(province=province, letter=letter).select_related("by").first()
    return _current(province, letter, row)


def current_texts(province: Province) -> Mapping[LetterKind, CurrentText]:
    """The texts of all letters. One query."""
    by_letter = {row.letter: row for row in _CURRENT_ROWS.all(province.pk)}
    return {kind: _current(province, kind, by_letter.get(kind)) for kind in LetterKind}


def _current(province: Province, letter: LetterKind, row: LetterTemplate | None) -> CurrentText:
    department = province.is_department
    return CurrentText(letter, text_of(row, letter, department=department), row, department)


def _current_rows(province: Any) -> QuerySet[LetterTemplate]:
    later = LetterTemplate.objects.filter(
        province=OuterRef("province"), letter=OuterRef("letter"), revision__gt=OuterRef("revision")
    )
    return LetterTemplate.objects.filter(~Exists(later), province=province).select_related("by")


_CURRENT_ROWS: PreparedSelect[LetterTemplate] = PreparedSelect(_current_rows)


def get_revision(province: Province, letter: LetterKind, revision: int) -> LetterTemplate | None:
    """One revision; None for the shipped text with which a province begins. One query."""
    return LetterTemplate.objects.filter(province=province, letter=letter, revision=revision).first()


def list_revisions(province: Province, letter: LetterKind) -> Shortened[LetterTemplate]:
    """The revisions of a letter, newest first. One query."""
    rows = LetterTemplate.objects.filter(province=province, letter=letter).select_related("by")
    return first_rows(rows, SHOWN_REVISIONS)
