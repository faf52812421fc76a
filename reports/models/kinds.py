"""The kinds of report: who may have them, what they are about."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from accounts.respondents import RespondentKind
from accounts.roles import Capability
from dgready.sheets.names import XLSX


class ReportKind(models.TextChoices):
    """The kinds of report."""

    RESULT = "result", _("รายงานผล (PDF)")
    QUESTIONNAIRE = "questionnaire", _("แบบสำรวจพร้อมคำตอบ (PDF)")
    BLANK = "blank", _("แบบสำรวจเปล่าสำหรับเขียน (PDF)")
    ASSIGNMENTS = "assignments", _("บัญชีมอบหมายข้อคำถาม (PDF)")
    DGA = "dga", _("ไฟล์ Excel สำหรับ สพร.")
    BRIEF = "brief", _("สรุปหน้าเดียวสำหรับผู้ว่าราชการจังหวัด (PDF)")
    KPI = "kpi", _("แบบรายงานตัวชี้วัด ก.พ.ร. (PDF)")
    LETTERS = "letters", _("หนังสือราชการ (PDF)")
    JOURNAL = "journal", _("บันทึกเหตุการณ์ (PDF)")
    AGENDA = "agenda", _("ระเบียบวาระการประชุมคณะกรรมการ (PDF)")
    COMMITTEE = "committee", _("เอกสารประกอบการประชุมคณะกรรมการ (PDF)")
    MINUTES = "minutes", _("รายงานการประชุมคณะกรรมการ (PDF)")
    RESOLUTIONS = "resolutions", _("มติที่ประชุมคณะกรรมการ (PDF)")
    CERTIFICATE = "certificate", _("หนังสือรับรองการอนุมัติ (PDF)")
    REASONS = "reasons", _("เหตุผลของคะแนน (PDF)")
    SCORE_SHEET = "score_sheet", _("เหตุผลของคะแนน (Excel)")
    PLAN = "plan", _("แผนปฏิบัติการ (PDF)")
    PLAN_SHEET = "plan_sheet", _("แผนปฏิบัติการ (Excel)")
    BINDER = "binder", _("แฟ้มหลักฐาน (PDF)")
    BUNDLE = "bundle", _("ชุดไฟล์หลักฐาน (ZIP)")
    INDEX = "index", _("ดัชนีหลักฐาน (PDF)")
    INDEX_SHEET = "index_sheet", _("ดัชนีหลักฐาน (Excel)")
    NATIONAL = "national", _("รายงานระดับประเทศ (PDF)")
    NATIONAL_SHEET = "national_sheet", _("รายงานระดับประเทศ (Excel)")

    def label_for(self, respondent: str) -> str:
        """The label where the paper is of a respondent of that kind: a department has no governor."""
        if self is ReportKind.BRIEF and respondent == RespondentKind.DEPARTMENT:
            return translate("สรุปหน้าเดียวสำหรับหัวหน้าส่วนราชการ (PDF)")
        return str(self.label)

    @property
    def capability(self) -> Capability:
        """The capability to make and to download it."""
        return _KIND_CAPABILITIES.get(self, Capability.REPORT_READ)

    @property
    def is_of_meeting(self) -> bool:
        """Whether it is asked for from the page of one meeting, and not among the files of a response."""
        return self in (ReportKind.AGENDA, ReportKind.MINUTES, ReportKind.RESOLUTIONS)

    @property
    def may_print_opinions(self) -> bool:
        """Whether it may print what members of the committee think, for those who may read that."""
        return self.is_of_meeting or self is ReportKind.COMMITTEE

    @property
    def is_of_plan(self) -> bool:
        """Whether it is asked for from the page of one action plan, and not among the files of a response."""
        return self in (ReportKind.PLAN, ReportKind.PLAN_SHEET)

    @property
    def is_of_score(self) -> bool:
        """Whether it needs a score, which only the answer of a province has."""
        return self.is_of_plan or self in (
            ReportKind.REASONS,
            ReportKind.SCORE_SHEET,
            ReportKind.BRIEF,
            ReportKind.KPI,
        )

    @property
    def is_of_parts(self) -> bool:
        """Whether it prints what is asked of everybody or of one agency, whatever is answered."""
        return self in (ReportKind.BLANK, ReportKind.ASSIGNMENTS)

    @property
    def takes_agency(self) -> bool:
        """Whether one agency may be asked for by name, though it is made of the answer of the province."""
        return self.is_of_parts or self is ReportKind.LETTERS

    @property
    def is_of_evidence(self) -> bool:
        """Whether it hands evidence over, all of it or a part."""
        return self in (ReportKind.BINDER, ReportKind.BUNDLE, ReportKind.INDEX, ReportKind.INDEX_SHEET)

    @property
    def is_of_nation(self) -> bool:
        """Whether it is about all provinces of a year, and so of no answer of one."""
        return self in (ReportKind.NATIONAL, ReportKind.NATIONAL_SHEET)

    @property
    def holds_everything(self) -> bool:
        """Whether it takes all answers, files or events of an answer away at once: its download asks who it is."""
        return self in (ReportKind.DGA, ReportKind.JOURNAL, ReportKind.BINDER, ReportKind.BUNDLE)

    @property
    def is_of_version(self) -> bool:
        """Whether it tells of the answers, so that a new approved version replaces what was made of the one before."""
        return not (self.is_of_parts or self.is_of_meeting or self.is_of_plan or self in _OF_NO_VERSION)

    @property
    def media_type(self) -> str:
        """The media type of its file."""
        if self in _SHEETS:
            return XLSX
        if self is ReportKind.BUNDLE:
            return "application/zip"
        return "application/pdf"


_OF_NO_VERSION = frozenset(
    {
        ReportKind.COMMITTEE,
        ReportKind.LETTERS,
        ReportKind.JOURNAL,
        ReportKind.NATIONAL,
        ReportKind.NATIONAL_SHEET,
    }
)
_SHEETS = frozenset(
    {
        ReportKind.DGA,
        ReportKind.SCORE_SHEET,
        ReportKind.PLAN_SHEET,
        ReportKind.INDEX_SHEET,
        ReportKind.NATIONAL_SHEET,
    }
)

# What is not for everybody who may read reports.
_KIND_CAPABILITIES = {
    ReportKind.DGA: Capability.EXPORT,
    ReportKind.LETTERS: Capability.ASSIGN,
    ReportKind.JOURNAL: Capability.JOURNAL_READ,
    ReportKind.NATIONAL: Capability.NATION_READ,
    ReportKind.NATIONAL_SHEET: Capability.NATION_READ,
}
