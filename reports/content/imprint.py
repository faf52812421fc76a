"""What every paper says of itself on each page: whose, of which year, in which state, printed when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.respondents import (
    RespondentKind,
    chief_title,
    committee_title,
    kind_of_code,
    kind_word,
    respondent_title,
    respondent_words,
)
from reports.content.approved_source import approval_of
from reports.content.report import Approval, ResponseReport
from survey.approval.frozen_facts import valid_version
from survey.models import Response


class PaperState(StrEnum):
    """What stands across the pages of a paper: "draft" and "void" do, the others leave them free."""

    DRAFT = "draft"
    APPROVED = "approved"
    VOID = "void"
    RECORD = "record"
    """Nothing to approve: a form to fill in, minutes that are concluded."""


@dataclass(frozen=True, slots=True)
class Imprint:
    """What every paper says of itself. `title`: the name of the paper; `subject`: what it is about.

    `province`: "" for a paper about all of them.
    `digest`: SHA-256 of the approved version; "" gives the paper the hash of what is printed on it.
    """

    title: str
    subject: str
    province: str
    year: int
    agency: str
    state: PaperState
    state_text: str
    digest: str
    address: str
    printed_at: datetime
    language: str
    kind: str = RespondentKind.PROVINCE

    @property
    def place(self) -> str:
        """The respondent as a heading has it; call in the language of the paper."""
        return respondent_title(self.kind, self.province)

    @property
    def chief_title(self) -> str:
        """Who approves the answer; call in the language of the paper."""
        return chief_title(self.kind)

    @property
    def kind_word(self) -> str:
        """What the respondent is; call in the language of the paper."""
        return kind_word(self.kind)

    @property
    def committee_title(self) -> str:
        """The committee in full; call in the language of the paper."""
        return committee_title(self.kind)

    @property
    def words(self) -> dict[str, str]:
        """What sentences are filled in with; call in the language of the paper."""
        return respondent_words(self.kind)


def make_imprint(
    title: str,
    *,
    subject: str,
    province: str,
    year: int,
    approval: Approval | None,
    language: str,
    agency: str = "",
    version: int | None = None,
    printed_at: datetime | None = None,
    kind: str = RespondentKind.PROVINCE,
) -> Imprint:
    """The imprint of a paper about an answer: approved, superseded or a draft. `version`: how often it was changed."""
    with translation.override(language):
        state, state_text = _state(approval, version)
        return Imprint(
            title=str(title),
            subject=subject,
            province=province,
            year=year,
            agency=agency,
            state=state,
            state_text=state_text,
            digest=approval.sha256 if approval else "",
            address=approval.address if approval else "",
            printed_at=printed_at or timezone.localtime(),
            language=language,
            kind=kind,
        )


def _state(approval: Approval | None, version: int | None) -> tuple[PaperState, str]:
    if approval is None:
        text = _("ฉบับร่าง ยังไม่อนุมัติ")
        return PaperState.DRAFT, f"{text} · {_('แก้ไขครั้งที่')} {version}" if version is not None else text
    number = f"{_('ฉบับที่')} {approval.number}"
    if approval.voided_at is not None:
        return PaperState.VOID, f"{_('ยกเลิกแล้ว')} · {number}"
    return PaperState.APPROVED, f"{_('อนุมัติแล้ว')} · {number}"


def report_imprint(report: ResponseReport, title: str) -> Imprint:
    """The imprint of a paper that prints a gathered report."""
    return make_imprint(
        title,
        subject=" · ".join(filter(None, [report.content.title, report.pillar_title])),
        province=report.province,
        year=report.year,
        agency=report.agency,
        approval=report.approval,
        version=report.version,
        printed_at=report.printed_at,
        language=report.language,
        kind=kind_of_code(report.province_code),
    )


def response_imprint(response: Response, title: str, language: str) -> Imprint:
    """The imprint of a paper about a response as it is. Up to three queries where it is approved."""
    facts = valid_version(response) if response.state == Response.State.APPROVED else None
    with translation.override(language):
        return make_imprint(
            title,
            subject=form_title(response, language),
            province=response.round.province.name,
            year=response.round.year,
            agency=response.agency.name if response.agency else "",
            approval=approval_of(facts) if facts else None,
            version=response.version,
            language=language,
            kind=response.round.province.kind,
        )


def form_title(response: Response, language: str) -> str:
    """The title of the form that is answered."""
    row = response.round.instrument
    return row.title_en if language == "en" and row.title_en else row.title_th
