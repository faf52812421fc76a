"""Reads of releases: their contents, the list with what each changed, what a new one would hold."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from accounts.models import Province, User
from dgready.canonical import canonical_json, sha256_hex
from dgready.lru_cache import LruCache
from nation.agency_rounds.queries import read_agency_year
from nation.agency_rounds.report import AgencyYear
from nation.facts.types import NationalReport, Population
from nation.figures.national_queries import GROUPS, list_members, population_members
from nation.figures.provinces import list_provinces
from nation.models import ProvinceFigures, Release, ReleasePublication
from nation.national.queries import PickedTexts, read_live_report, read_picked_texts
from nation.reasons.queries import read_form
from nation.releases.changes import ReleaseChanges, compare_releases
from nation.releases.content import MIN_PROVINCES, Json, make_content
from nation.releases.embargo import may_see_national, public_releases, releases_of
from nation.releases.method import describe_method
from scoring.engine.as_json import format_decimal
from scoring.models import OfficialResult
from scoring.scheme.queries import get_scheme_of_form
from scoring.scheme.registry import FaultyScheme, MissingScheme
from survey.models import Response

# Contents by checksum, read once per process: a release never changes.
_CONTENTS: LruCache[Json] = LruCache(8)
_CHANGES: LruCache[ReleaseChanges] = LruCache(32)


class PreviewOutdated(Exception):
    """A figure changed since the preview was looked at."""


class NothingToRelease(LookupError):
    """No province has a round of the year, or no answer is approved yet; of agencies, none is handed in."""


class NotCounted(NothingToRelease):
    """Agencies have handed in what is not counted yet; `agencies`: how many."""

    def __init__(self, agencies: int) -> None:
        super().__init__(f"the scores of {agencies} agencies are not counted yet: aggregates rebuild")
        self.agencies = agencies


@dataclass(frozen=True, slots=True)
class NewRelease:
    """What a release made now would hold. `sha256`: of `text`, its canonical JSON."""

    content: Json
    text: str
    sha256: str


def content_of(release: Release) -> Json:
    """The content of a release. One query the first time a process asks."""
    return _CONTENTS.get(release.sha256, lambda: _parse(release))


def _parse(release: Release) -> Json:
    content: Json = json.loads(release.content)
    return content


def is_intact(release: Release) -> bool:
    """Whether the stored content is what was released, by its checksum. One query."""
    return sha256_hex(release.content) == release.sha256


def find_release(year: int, version: str) -> Release | None:
    """A release by its version, such as 1.0; None where there is none. One query."""
    return next((one for one in releases_of(year) if one.version == version), None)


def get_release_content(year: int, version: str) -> Json:
    """The content of a release by its version. Raises LookupError where there is none. Two queries at most."""
    release = find_release(year, version)
    if release is None:
        raise LookupError(f"{year} {version}")
    return content_of(release)


def visible_release(user: User | AnonymousUser, year: int) -> Release | None:
    """The release that a reader of the released results sees: who may see national figures the newest one, everybody
    else the newest that is shown to the public; None where there is none for them. Two queries at most.
    """
    if may_see_national(user, year):
        return releases_of(year).first()
    return public_releases(year).first()


def visible_releases(user: User | AnonymousUser, year: int) -> list[Release]:
    """All releases that the person sees, newest first. Two queries at most."""
    return list(releases_of(year) if may_see_national(user, year) else public_releases(year))


def changes_between(before: Release, after: Release) -> ReleaseChanges:
    """What a later release changed."""
    key = (before.sha256, after.sha256)
    return _CHANGES.get(key, lambda: compare_releases(content_of(before), content_of(after)))


def changes_to(before: Release | None, content: Json) -> ReleaseChanges | None:
    """What a new release would change; None where it is the first."""
    return None if before is None else compare_releases(content_of(before), content)


def changes_of_preview(before: Release | None, preview: Json) -> ReleaseChanges | None:
    """What a new release would change of what a preview holds; None where it is the first."""
    if before is None:
        return None
    known = {name: told for name, told in content_of(before).items() if name != "scores"}
    return compare_releases({**known, "groups": {}}, preview)


def read_publications(year: int) -> dict[int, ReleasePublication]:
    """The newest act of showing or withdrawing of each release, by the release's key. One query."""
    rows = ReleasePublication.objects.filter(release__year=year).select_related("by").order_by("pk")
    return {row.release_id: row for row in rows}


def read_shown() -> set[int]:
    """Keys of the releases of all years that the public sees now. One query."""
    acts = dict(ReleasePublication.objects.order_by("pk").values_list("release", "shown"))
    return {release for release, shown in acts.items() if shown}


@dataclass(frozen=True, slots=True)
class _Source:
    """What a release is made of: the answers of agencies, where each answers for itself, else those of provinces."""

    year: int
    agencies: AgencyYear | None
    picked: PickedTexts | None

    def report(self, group: str = "", member: str = "") -> NationalReport:
        """The report of all provinces or of a group."""
        population = Population(self.year, group, member)
        if self.agencies is None:
            return read_live_report(population, self.picked)
        agencies = self.agencies.of_provinces(population_members(population)) if group else self.agencies
        return agencies.national_report(population, least=MIN_PROVINCES)


def preview_release(year: int) -> NewRelease:
    """What a release made now would hold, but for the reports of the groups and the scores. A dozen queries at most.

    Raises NothingToRelease.
    """
    return _new(make_content(_whole(_source(year)), {}, _method(year)))


def compose_release(year: int, *, scores: bool = False, seen: str = "") -> NewRelease:
    """What a release made now would hold: the report, its groups, the method; `scores`: those of provinces as well.

    `seen`: checksum of the preview that was looked at. Raises NothingToRelease; PreviewOutdated where it changed since.
    """
    source, method = _source(year), _method(year)
    report = _whole(source)
    if seen and _new(make_content(report, {}, method)).sha256 != seen:
        raise PreviewOutdated
    groups = {group: {member: source.report(group, member) for member in list_members(group, year)} for group in GROUPS}
    told = _averaged_scores(source.agencies) if source.agencies else _published_scores(year)
    return _new(make_content(report, groups, method, told if scores else None))


def _source(year: int) -> _Source:
    """What there is of a year. Raises NotCounted."""
    agencies = read_agency_year(year)
    if agencies is not None and agencies.uncounted:
        raise NotCounted(agencies.uncounted)
    return _Source(year, agencies, None if agencies else read_picked_texts(year))


def _whole(source: _Source) -> NationalReport:
    """The report of all provinces. Raises NothingToRelease."""
    report = source.report()
    if not report.provinces:
        raise NothingToRelease(str(source.year))
    return report


def _new(content: Json) -> NewRelease:
    text = canonical_json(content)
    return NewRelease(json.loads(text), text, sha256_hex(text))


def group_sizes(year: int) -> dict[str, dict[str, int]]:
    """How many answers are counted in each group now. A few queries."""
    agencies = read_agency_year(year)
    counted = set(agencies.national_report(Population(year)).provinces if agencies else approved_provinces(year))
    sizes: dict[str, dict[str, int]] = {group: {} for group in GROUPS}
    for province in list_provinces(year):
        for group, member_of in GROUPS.items():
            if member := member_of(province):
                sizes[group][member] = sizes[group].get(member, 0) + (province.code in counted)
    return sizes


def approved_provinces(year: int) -> list[str]:
    """Codes of the provinces whose answer is approved now and counted. One query."""
    rows = ProvinceFigures.objects.filter(year=year, response__state=Response.State.APPROVED)
    return list(rows.values_list("province__code", flat=True))


def _method(year: int) -> Json:
    form = read_form(year)
    if form is None:
        raise NothingToRelease(str(year))
    try:
        loaded = get_scheme_of_form(form)
    except (MissingScheme, FaultyScheme):
        return describe_method(form, None, "")
    return describe_method(form, loaded.scheme, loaded.checksum)


def _averaged_scores(agencies: AgencyYear) -> list[Json]:
    """The average of each province whose agencies answered, in the order of their codes. One query."""
    names = {row.code: row for row in Province.objects.filter(code__in=agencies.provinces)}
    lines = sorted(agencies.province_lines(), key=lambda line: line.code)
    return [
        {
            "province": line.code,
            "name": {"th": names[line.code].name_th, "en": names[line.code].name_en},
            "score": format_decimal(line.scores.total),
            "level": None,
            "rank": None,
        }
        for line in lines
        if line.scores.total is not None
    ]


def _published_scores(year: int) -> list[Json]:
    """Total, level and rank of each province as published, in the order of their codes. One query."""
    rows = OfficialResult.objects.filter(year=year, kind=OfficialResult.Kind.TOTAL, province__isnull=False)
    return [
        {
            "province": row.province.code,
            "name": {"th": row.province.name_th, "en": row.province.name_en},
            "score": format_decimal(row.score),
            "level": row.level,
            "rank": row.rank,
        }
        for row in rows.select_related("province").order_by("province__code")
        if row.province is not None
    ]
