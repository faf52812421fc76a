"""What a release shows to its readers: results, method, open data. Without sign-in only where the centre shows it."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import public
from dgready.language import localize_text, reader_language
from dgready.localized_text import LocalizedText
from dgready.shorten import shorten
from nation.facts.types import NationalReport
from nation.models import Release
from nation.national.choices import GROUP_NAMES, member_label
from nation.national.lines import FRONT, Section, address_part, list_sections, split_by_size
from nation.national.presentation import block_view, section_title
from nation.national.stored import read_report
from nation.releases import open_data, queries
from nation.releases.content import Json, reports_of
from nation.releases.views.changes import show_changes

MOST_HTML: Final = 90_000  # bytes of blocks on one page
PART_LETTERS: Final = 60
SHOWN_CHANGES: Final = 20
# What files a release has: name → media type.
FILES: Final = {
    "national.json": "application/json",
    "national.csv": "text/csv; charset=utf-8",
    "dictionary.csv": "text/csv; charset=utf-8",
    "licence.txt": "text/plain; charset=utf-8",
}


def get_visible(request: HttpRequest, year: int) -> Release:
    """The release that the reader sees: `?version=`, else the newest. Raises Http404 where there is none for them."""
    wanted = request.GET.get("version")
    for release in queries.visible_releases(request.user, year):
        if wanted in (None, "", release.version):
            return release
    raise Http404


@require_safe
@never_cache
@public
def results(request: HttpRequest, year: int) -> HttpResponse:
    """The released results: a section of the report of all provinces or of a group, as it was released."""
    release = get_visible(request, year)
    content = queries.content_of(release)
    of = request.GET.get("of", "")
    report = read_report(_report_of(content, of))
    context: dict[str, Any] = {
        **_about(request, release, content),
        **_section(request, content, report, _query(request, release, of)),
        "who": _who(of),
        "counted": len(report.provinces),
        "invited": report.invited,
        "by_agencies": report.by_agencies,
        "groups": _group_choices(content),
        "of": of,
    }
    return render(request, "nation/releases/results.html", context)


def _section(request: HttpRequest, content: Json, report: NationalReport, query: str) -> dict[str, Any]:
    """The section that is asked for, cut into parts. Raises Http404 for one that is not there."""
    titles = {number: LocalizedText(**name) for number, name in content["method"]["pillars"].items()}
    sections, language = list_sections(report.blocks), reader_language()
    address = request.GET.get("section", FRONT)
    current = next((one for one in sections if one.address == address), None)
    if current is None and address != FRONT:
        raise Http404
    parts = split_by_size(current.blocks, MOST_HTML) if current else []
    number = _part_number(request, len(parts))
    blocks = parts[number - 1] if parts else ()
    return {
        "title": section_title(current, titles, language) if current else _("ภาพรวม"),
        "section": address,
        "is_front": address == FRONT,
        "sections": [_entry(one, section_title(one, titles, language), query, address) for one in sections],
        "blocks": [block_view(one, language, by_agencies=report.by_agencies) for one in blocks],
        "contents": [(address_part(block.key), localize_text(block.title)) for block in blocks],
        "parts": [
            {
                "number": at,
                "is_current": at == number,
                "href": f"{query}section={address}&part={at}",
                "first": shorten(localize_text(part[0].title), PART_LETTERS),
            }
            for at, part in enumerate(parts, start=1)
        ],
    }


def _about(request: HttpRequest, release: Release, content: Json) -> dict[str, Any]:
    """What every page of a release says of it."""
    others = queries.visible_releases(request.user, release.year)
    return {
        "year": release.year,
        "release": release,
        "versions": others,
        "is_newest": others[0].pk == release.pk,
        "scores": [{**row, "label": row["name"][reader_language()]} for row in content.get("scores", ())],
        "licence": open_data.LICENCE,
        "licence_text": open_data.LICENCE[reader_language()],
        "files": [(name, reverse("nation:open-file", args=[release.year, name])) for name in FILES],
    }


def _query(request: HttpRequest, release: Release, of: str) -> str:
    """The beginning of an address's query that keeps what is chosen."""
    kept = f"?version={release.version}&" if request.GET.get("version") else "?"
    return f"{kept}of={of}&" if of else kept


def _report_of(content: Json, of: str) -> Json:
    """The report of all provinces (""), or of "group:member". Raises Http404."""
    for group, member, report in reports_of(content):
        if of == (f"{group}:{member}" if group else ""):
            return report
    raise Http404


def _who(of: str) -> str:
    group, _colon, member = of.partition(":")
    return f"{GROUP_NAMES[group]} {member_label(group, member)}" if group else _("ทุกจังหวัด")


def _group_choices(content: Json) -> list[tuple[str, list[tuple[str, str]]]]:
    """The groups that the release tells, as values and labels of a form."""
    return [
        (str(GROUP_NAMES[group]), [(f"{group}:{member}", member_label(group, member)) for member in members])
        for group, members in content["groups"].items()
        if members
    ]


def _entry(section: Section, title: str, query: str, current: str) -> dict[str, Any]:
    return {
        "href": f"{query}section={section.address}",
        "title": title,
        "is_current": section.address == current,
    }


def _part_number(request: HttpRequest, parts: int) -> int:
    """The part that is asked for; Http404 for one that is not there."""
    given = request.GET.get("part", "1")
    if not given.isascii() or not given.isdigit() or not 1 <= int(given[:4]) <= max(parts, 1):
        raise Http404
    return int(given[:4])


@require_safe
@never_cache
@public
def method(request: HttpRequest, year: int) -> HttpResponse:
    """How the figures of the year are made, as it was when they were released; and what each version changed."""
    release = get_visible(request, year)
    content = queries.content_of(release)
    visible = queries.visible_releases(request.user, year)
    context = {
        **_about(request, release, content),
        **_method(content["method"], reader_language()),
        "changes": [
            (newer, show_changes(queries.changes_between(older, newer), SHOWN_CHANGES))
            for newer, older in pairwise(visible)
        ],
    }
    return render(request, "nation/releases/method.html", context)


def _method(told: Json, language: str) -> dict[str, Any]:
    """The method in one language."""
    scheme = told["scheme"]
    context = {
        "rules": [rule[language] for rule in told["rules"]],
        "form": {**told["form"], "title": told["form"]["title"][language]},
    }
    if scheme is None:
        return context
    levels = scheme["levels"]
    return {
        **context,
        "scheme": {**scheme, "title": scheme["title"][language]},
        "weights": [
            {**row, "name": row["name"][language], "source": row.get("source", {}).get(language, "")}
            for row in scheme["weights"]
        ],
        "levels": levels,
        "level_source": levels["source"][language] if levels else "",
        "not_counted": [(one["question"], one["why"][language], one["origin"]) for one in scheme["not_counted"]],
    }


@require_safe
@never_cache
@public
def open_file(request: HttpRequest, year: int, name: str) -> HttpResponse:
    """A file of a release: its figures as JSON or CSV, the dictionary, the licence."""
    if name not in FILES:
        raise Http404
    release = get_visible(request, year)
    content = queries.content_of(release)
    stem, _dot, suffix = name.partition(".")
    headers = {"Content-Disposition": f'attachment; filename="{stem}-{year}-{release.version}.{suffix}"'}
    return HttpResponse(_file(name, release, content), content_type=FILES[name], headers=headers)


def _file(name: str, release: Release, content: Json) -> bytes:
    if name == "national.csv":
        return open_data.table_csv(open_data.COLUMNS, open_data.figure_rows(content, release.version))
    if name == "dictionary.csv":
        return open_data.table_csv(open_data.DICTIONARY, open_data.dictionary_rows(content))
    if name == "licence.txt":
        return open_data.licence_text().encode()
    about = {"version": release.version, "released_at": release.at.isoformat(), "sha256": release.sha256}
    return open_data.json_bytes(open_data.open_json(content, {**about, "notes": release.notes}))
