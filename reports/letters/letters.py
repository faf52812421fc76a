"""Letters as they are printed: the text filled for whom it is for, its date and number, and what is enclosed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Agency
from dgready.thai import format_date
from reports.content.report import Approval
from reports.errors import ReportError
from reports.letters import facts
from reports.letters.parts import AgencyParts, PartLine, assigned_parts, open_parts
from reports.letters.queries import CurrentText, current_text
from reports.letters.wording import LetterText, fill_text, letter_digits, placeholders_of
from reports.models import LetterKind
from survey.models import Response


@dataclass(frozen=True, slots=True)
class ListedPart:
    """A line of an enclosed list with its day in words."""

    line: PartLine
    due: str


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter, every text as it is printed. `enclosures`: what is enclosed, and how much of it."""

    kind: LetterKind
    language: str
    text: LetterText
    number: str
    day: str
    enclosures: tuple[tuple[str, str], ...] = ()
    agency: str = ""
    agency_code: str = ""
    parts: tuple[ListedPart, ...] = ()
    files: tuple[facts.SentFile, ...] = ()
    due: str = ""
    endorsed: str = ""

    @property
    def paragraphs(self) -> list[str]:
        """The paragraphs of the body."""
        return [line.strip() for line in self.text.body.splitlines() if line.strip()]

    @property
    def is_memo(self) -> bool:
        """Whether it is a บันทึกข้อความ."""
        return self.kind is LetterKind.MEMO


@dataclass(frozen=True, slots=True)
class LetterSet:
    """The letters of one file. `reworded`: an English file whose letters are in the province's own Thai words."""

    kind: LetterKind
    letters: tuple[Letter, ...]
    approval: Approval | None
    agency: str
    reworded: bool


@dataclass(frozen=True, slots=True)
class LetterRequest:
    """Which letter is asked for, in which language, with the number and day that were typed."""

    kind: LetterKind
    language: str = "th"
    number: str = ""
    day: date | None = None


def gather_letters(response: Response, asked: LetterRequest, agency: Agency | None = None) -> LetterSet:
    """The letters of a round: one for each agency, or for one; to DGA or the governor a single one.

    Raises ReportError where nobody has anything to be told.
    """
    current = current_text(response.round.province, asked.kind)
    text, language = current.to(asked.language)
    with translation.override(language):
        maker = _Maker(response, asked, text, language)
        if asked.kind.is_of_agencies:
            parts = _parts(response, asked.kind, agency)
            letters = tuple(maker.to_agency(one) for one in parts)
            return LetterSet(asked.kind, letters, None, _only_name(parts, agency), asked.language != language)
        approval = facts.valid_approval(response)
        made = maker.cover(approval) if asked.kind is LetterKind.COVER else maker.memo()
        return LetterSet(asked.kind, (made,), approval, "", asked.language != language)


def sample_letter(response: Response, current: CurrentText, text: LetterText, agency: Agency | None) -> Letter:
    """The letter to look at while it is worded, in Thai: what only the file can say is named in brackets. One query."""
    with translation.override("th"):
        maker = _Maker(response, LetterRequest(current.letter), text, "th")
        parts = assigned_parts(response.round, agency) if agency and current.letter.is_of_agencies else []
        values = facts.agency_values(parts[0], "th") if parts else {}
        if current.letter is LetterKind.REMIND:
            values.pop("open_points", None)
        return maker.sample(values)


def _parts(response: Response, kind: LetterKind, agency: Agency | None) -> list[AgencyParts]:
    found = (open_parts if kind is LetterKind.REMIND else assigned_parts)(response.round, agency)
    if not found:
        raise ReportError("nothing_open" if kind is LetterKind.REMIND else "unassigned")
    return found


def _only_name(parts: list[AgencyParts], agency: Agency | None) -> str:
    return parts[0].agency.name if agency else ""


class _Maker:
    """Fills one text, in one language, for whom it is for."""

    def __init__(self, response: Response, asked: LetterRequest, text: LetterText, language: str) -> None:
        self.response, self.asked, self.text, self.language = response, asked, text, language
        self.common = facts.round_values(response, language)

    def to_agency(self, parts: AgencyParts) -> Letter:
        """To an agency: what is asked of it with the reply form, or what is open of it."""
        letter = self._letter(facts.agency_values(parts, self.language))
        listed = tuple(ListedPart(line, self._digits(self._short(line.due))) for line in parts.lines)
        return replace(
            letter,
            agency=parts.agency.name,
            agency_code=parts.agency.code,
            parts=listed,
            due=self._digits(format_date(parts.due, self.language)),
        )

    def cover(self, approval: Approval | None) -> Letter:
        """To DGA, with the list of what is sent."""
        files = facts.sent_files(self.response, approval)
        values = facts.cover_values(self.response, approval, len(files), self.language)
        letter = self._letter(values, files=len(files))
        return replace(letter, files=files, endorsed=self._digits(values["endorsed"]))

    def memo(self) -> Letter:
        """To the governor."""
        return self._letter(facts.memo_values(self.response, self.language))

    def sample(self, values: Mapping[str, str]) -> Letter:
        """As it is, with the names of what is not known in brackets."""
        names = {one.name: f"[{one.about.to(self.language)}]" for one in placeholders_of(self.asked.kind)}
        return self._letter({**names, **values})

    def _letter(self, values: Mapping[str, str], files: int = 0) -> Letter:
        filled = fill_text(self.text, {**values, **self.common})
        digits = filled.with_texts({name: self._digits(text) for name, text in filled.texts()})
        return Letter(
            kind=self.asked.kind,
            language=self.language,
            text=digits,
            number=self._digits(self.asked.number) or "……………………………",
            day=self._digits(facts.letter_date(self.asked.day, self.language)),
            enclosures=tuple((self._digits(name), self._digits(much)) for name, much in self._enclosures(files)),
        )

    def _enclosures(self, files: int) -> list[tuple[str, str]]:
        if self.asked.kind is LetterKind.INVITE:
            return [(f"1. {_('บัญชีข้อคำถาม')}", _("จำนวน 1 ชุด")), (f"2. {_('แบบตอบกลับ')}", _("จำนวน 1 ฉบับ"))]
        if self.asked.kind is LetterKind.REMIND:
            return [(_("บัญชีเรื่องที่ยังค้าง"), _("จำนวน 1 ชุด"))]
        if self.asked.kind is LetterKind.COVER:
            return [(_("บัญชีไฟล์ที่นำส่ง"), _("จำนวน 1 ชุด"))]
        return []

    def _short(self, day: date) -> str:
        return format_date(day, self.language, "short")

    def _digits(self, text: str) -> str:
        return letter_digits(text, self.text.thai_digits and self.language == "th")
