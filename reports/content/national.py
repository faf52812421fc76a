"""The national report as a paper shows it: the live figures of a year, or a release that never changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from dgready.localized_text import LocalizedText
from nation.facts.types import NationalReport, Population
from nation.national.choices import UnknownMember, check_population, population_label
from nation.national.queries import get_report, section_titles
from nation.national.stored import read_report
from nation.releases.queries import get_release_content
from reports.content.imprint import Imprint, PaperState
from reports.errors import ReportError


@dataclass(frozen=True, slots=True)
class NationalPaper:
    """A national report with the names of its sections, in one language. `release`: "" for live figures."""

    report: NationalReport
    titles: Mapping[str, LocalizedText]
    language: str
    release: str = ""

    @property
    def who(self) -> str:
        """Whose answers are counted."""
        with translation.override(self.language):
            return population_label(self.report.population, by_agencies=self.report.by_agencies)

    @property
    def file_stem(self) -> str:
        """The name of its file, without a suffix."""
        asked = self.report.population
        return "-".join(filter(None, ["dgready-national", str(asked.year), asked.group, asked.member, self.release]))

    def imprint(self) -> Imprint:
        """What each page says: live figures are a draft, a release is a record."""
        with translation.override(self.language):
            state_text = _("ยังไม่เผยแพร่")
            if self.release:
                state_text = f"{_('ฉบับเผยแพร่')} {self.release}"
            return Imprint(
                title=_("รายงานผลสำรวจระดับประเทศ"),
                subject=self.who,
                province="",
                year=self.report.population.year,
                agency="",
                state=PaperState.RECORD if self.release else PaperState.DRAFT,
                state_text=state_text,
                digest="",
                address="",
                printed_at=timezone.localtime(),
                language=self.language,
            )


def gather_national_paper(population: Population, language: str, release: str = "") -> NationalPaper:
    """The paper of a population, of live figures or as a release has it. Raises ReportError."""
    titles = section_titles(population.year)
    if titles is None:
        raise ReportError("no_nation")
    try:
        check_population(population)
    except UnknownMember as fault:
        raise ReportError("no_member") from fault
    report = _released(population, release) if release else get_report(population)
    return NationalPaper(report, titles, language, release)


def _released(population: Population, release: str) -> NationalReport:
    """The report of a release, or of a group in it."""
    try:
        content = get_release_content(population.year, release)
    except LookupError as fault:
        raise ReportError("no_release") from fault
    if not population.group:
        return read_report(content)
    told = content["groups"].get(population.group, {}).get(population.member)
    if told is None:  # it was too small to be told
        raise ReportError("no_member")
    return read_report(told)
