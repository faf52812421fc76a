"""What may be chosen of a paper: the year of a result, an agency, a pillar, an approved version, whose journal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Agency, User
from dgready.language import reader_language
from dgready.prepared_select import PreparedSelect
from reports.access import may_access_report
from reports.content.pillar import pillar_title
from reports.jobs.making.params import ANSWER
from reports.models import ReportKind
from scoring.models import OfficialResult
from survey.instrument.queries import compiled_instrument
from survey.journal.province_journal import read_filter
from survey.models import Assignment, FrozenResponse, Response

OF_PILLAR: Final = (ReportKind.QUESTIONNAIRE, ReportKind.BLANK, ReportKind.ASSIGNMENTS, ReportKind.REASONS)
_NUMBERS: Final = ("year", "version")  # parameters that a job keeps as numbers
Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PaperChoice:
    """A choice of a paper: the name of its parameter, its label, and values with labels, the usual one first."""

    name: str
    label: str
    options: Options


def _agencies_of_province(round_: Any, province: Any) -> QuerySet[Agency]:
    assigned = Assignment.objects.filter(agency=OuterRef("pk"), round=round_)
    answers = Response.objects.filter(agency=OuterRef("pk"), round=round_)
    rows = Agency.objects.filter(province=province)
    return rows.annotate(is_assigned=Exists(assigned), has_answers=Exists(answers))


_AGENCIES: Final[PreparedSelect[Agency]] = PreparedSelect(_agencies_of_province)
_PUBLISHED_YEARS: Final[PreparedSelect[tuple[int]]] = PreparedSelect(
    lambda province, year: (
        OfficialResult.objects.newest()
        .filter(province=province, kind=OfficialResult.Kind.TOTAL, year__lt=year)
        .order_by("-year")
        .values_list("year")
    )
)
_VOIDED_VERSIONS: Final[PreparedSelect[tuple[int]]] = PreparedSelect(
    lambda response: (
        FrozenResponse.objects.filter(response=response)
        .exclude(voided_at=None)
        .order_by("-number")
        .values_list("number")
    )
)


class PaperChoices:
    """What a person may choose of the papers of a response. At most three queries for all of them."""

    def __init__(self, user: User, response: Response) -> None:
        self.user, self.response = user, response

    def of(self, kind: ReportKind) -> tuple[PaperChoice, ...]:
        """The choices of a kind that leave something to choose."""
        return tuple(choice for choice in self._choices(kind) if len(choice.options) > 1)

    def params(self, kind: ReportKind, given: Mapping[str, str]) -> dict[str, Any]:
        """The parameters of a job by what was chosen; what is not offered counts as the usual one."""
        params: dict[str, Any] = read_filter(given).params() if kind is ReportKind.JOURNAL else {}
        for choice in self.of(kind):
            value = given.get(choice.name, "")
            if value in {key for key, _label in choice.options[1:]}:
                params[choice.name] = int(value) if choice.name in _NUMBERS else value
        if kind is ReportKind.QUESTIONNAIRE and params.pop("agency", ""):
            params.pop("version", None)  # of the province's answer; this paper is of the agency's
        return params

    def response_of(self, kind: ReportKind, given: Mapping[str, str]) -> Response:
        """Whose paper is asked for: the contribution of the agency that was chosen, else the response itself.

        Its file then belongs to the contribution, so that only those may have it who may read that.
        """
        wanted = given.get("agency", "") if kind is ReportKind.QUESTIONNAIRE else ""
        if not wanted or not self.response.is_provincial:
            return self.response
        if wanted not in {code for code, _name in self._contributing()}:
            return self.response
        rows = Response.objects.select_related("agency", "round__province")
        return rows.get(round=self.response.round_id, agency__code=wanted)

    def _choices(self, kind: ReportKind) -> Iterator[PaperChoice]:
        if self.response.is_provincial:
            yield from self._provincial_choices(kind)
        if kind in OF_PILLAR:
            yield PaperChoice("pillar", _("ตัวชี้วัด"), self._pillars)

    def _provincial_choices(self, kind: ReportKind) -> Iterator[PaperChoice]:
        if kind is ReportKind.RESULT:
            yield PaperChoice("year", _("ปีของผล"), self._years())
        if kind.is_of_parts:
            yield PaperChoice("agency", _("หน่วยงาน"), (("", _("ทั้งฉบับ")), *self._assigned()))
        if kind is ReportKind.QUESTIONNAIRE:
            yield PaperChoice(
                "agency", _("คำตอบของ"), (("", self.response.round.province.kind_word), *self._contributing())
            )
            yield PaperChoice("version", _("ฉบับ"), self._versions())
        if kind is ReportKind.JOURNAL:
            both = (
                ("", _("คำตอบของ%(own)sและของทุกหน่วยงาน") % self.response.round.province.words),
                (ANSWER, _("คำตอบของ%(own)sเท่านั้น") % self.response.round.province.words),
            )
            yield PaperChoice("scope", _("บันทึกของ"), both)

    @cached_property
    def _pillars(self) -> Options:
        """The whole form, then its pillars."""
        instrument, language = compiled_instrument(self.response.round.instrument), reader_language()
        pillars = ((each.number, pillar_title(instrument, each.number, language)) for each in instrument.pillars)
        return (("", _("ทุกตัวชี้วัด")), *pillars)

    @cached_property
    def _agencies(self) -> tuple[Agency, ...]:
        """The agencies of the province, each with whether it has questions to answer and whether it answered any."""
        round_ = self.response.round
        return tuple(_AGENCIES.all(round_.pk, round_.province_id))

    def _assigned(self) -> Iterator[tuple[str, str]]:
        """The agencies that answer a part."""
        return ((one.code, one.name) for one in self._agencies if one.is_assigned)  # type: ignore[attr-defined]

    def _contributing(self) -> Iterator[tuple[str, str]]:
        """The agencies with answers of which the person may have the questionnaire."""
        for agency in self._agencies:
            contribution = Response(round=self.response.round, agency=agency)
            if agency.has_answers and may_access_report(self.user, contribution, ReportKind.QUESTIONNAIRE):  # type: ignore[attr-defined]
                yield agency.code, agency.name

    def _years(self) -> Options:
        """The response's own year, then earlier years with a published result."""
        round_ = self.response.round
        earlier = (year for (year,) in _PUBLISHED_YEARS.all(round_.province_id, round_.year))
        return tuple((str(year), str(year)) for year in (round_.year, *earlier))

    def _versions(self) -> Options:
        """The answer as it stands, then the superseded versions."""
        numbers = _VOIDED_VERSIONS.all(self.response.pk)
        old = ((str(n), f"{_('ฉบับที่')} {n} ({_('ยกเลิกแล้ว')})") for (n,) in numbers)
        return (("", _("ฉบับปัจจุบัน")), *old)
