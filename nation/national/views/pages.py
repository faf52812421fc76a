"""Pages of the national report: the front with its contents, a section, the provinces behind a figure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready.language import localize_text, reader_language
from dgready.lazy_values import LazyValues
from dgready.lru_cache import LruCache
from dgready.same_objects import SameObjects
from dgready.shorten import shorten
from nation.facts.types import FactBlock
from nation.national.choices import ReportChoice, group_choices, population_label
from nation.national.lines import (
    FRONT,
    Section,
    address_part,
    count_uncounted,
    find_figure,
    list_sections,
    split_by_size,
)
from nation.national.presentation import block_view, section_title
from nation.national.queries import provinces_behind
from nation.national.views.common import AskedReport, get_asked_report
from scoring.scheme.registry import get_level_names

PART_LETTERS: Final = 60
reads_nation = allow(Capability.NATION_READ)
MOST_HTML: Final = 115_000  # bytes of blocks on one page; menu, form and contents come to it


@require_safe
@reads_nation
def report(request: SignedInRequest, year: int) -> HttpResponse:
    """The front: who answered, levels, and what else there is. Of a year that each agency answers, its averages."""
    asked = get_asked_report(request, year)
    if asked.report.by_agencies:
        return redirect("nation:agency-year", year)
    return _section_page(request, asked, FRONT)


@require_safe
@reads_nation
def section(request: SignedInRequest, year: int, section: str) -> HttpResponse:
    """The blocks of a pillar, or of the questions before the pillars."""
    return _section_page(request, _get_provinces_report(request, year), section)


def _get_provinces_report(request: SignedInRequest, year: int) -> AskedReport:
    """The report of a year that the provinces answer; Http404 of one that each agency answers."""
    asked = get_asked_report(request, year)
    if asked.report.by_agencies:
        raise Http404
    return asked


def _section_page(request: SignedInRequest, asked: AskedReport, address: str) -> HttpResponse:
    report, choice = asked.report, asked.choice
    sections = _sections.get(SameObjects(report), lambda: list_sections(report.blocks))
    current = next((one for one in sections if one.address == address), None)
    if current is None and address != FRONT:
        raise Http404
    blocks = current.blocks if current else ()
    parts = _parts.get(SameObjects(blocks), lambda: split_by_size(blocks, MOST_HTML))
    number = _part_number(request, len(parts))
    shown = _ShownPart(sections, address, parts, number)
    state = (SameObjects(report), choice, tuple(asked.titles.items()), address, number)
    context: dict[str, Any] = {
        **_about(asked),
        "title": section_title(current, asked.titles, reader_language()) if current else _("ภาพรวม"),
        "is_front": address == FRONT,
        "content": LazyValues(state, lambda: _part_values(asked, shown)),
        "choosing": LazyValues(
            (choice, request.path),
            lambda: {"choice": choice, "groups": group_choices(choice.population.year), "action": request.path},
        ),
    }
    return render(request, "nation/national/report.html", context)


class _ShownPart(NamedTuple):
    """Which part of which section is shown."""

    sections: Sequence[Section]
    address: str
    parts: Sequence[tuple[FactBlock, ...]]
    number: int


# Of reports that are kept themselves.
_sections: Final[LruCache[tuple[Section, ...]]] = LruCache(64)
_parts: Final[LruCache[list[tuple[FactBlock, ...]]]] = LruCache(256)


def _part_values(asked: AskedReport, shown: _ShownPart) -> dict[str, Any]:
    """What the blocks of a part are shown by, with the links to other sections and parts."""
    language, query = reader_language(), asked.choice.query
    year = asked.choice.population.year

    def link(block: str, row: str, part: str) -> str:
        return row_address(asked.choice, block, row, part)

    blocks = shown.parts[shown.number - 1] if shown.parts else ()
    return {
        "sections": [_section_entry(year, one, asked, query, shown.address) for one in shown.sections],
        "blocks": [block_view(one, language, compare=asked.choice.compare, link=link) for one in blocks],
        "contents": [(address_part(block.key), localize_text(block.title)) for block in blocks],
        "parts": [_part_entry(index, some, shown.number, query) for index, some in enumerate(shown.parts, start=1)],
    }


def _about(asked: AskedReport) -> dict[str, Any]:
    """What every page of the report says of itself."""
    population = asked.choice.population
    return {
        "year": population.year,
        "choice": asked.choice,
        "who": population_label(population),
        "counted": len(asked.report.provinces),
        "invited": asked.report.invited,
        "uncounted": count_uncounted(asked.report),
        "front": section_address(population.year, FRONT) + asked.choice.query,
    }


def _part_number(request: SignedInRequest, parts: int) -> int:
    """The part that is asked for; Http404 for one that is not there."""
    given = request.GET.get("part", "1")
    if not given.isascii() or not given.isdigit() or not 1 <= int(given[:4]) <= max(parts, 1):
        raise Http404
    return int(given[:4])


def _section_entry(year: int, section: Section, asked: AskedReport, query: str, current: str) -> dict[str, Any]:
    return {
        "href": section_address(year, section.address) + query,
        "title": section_title(section, asked.titles, reader_language()),
        "blocks": len(section.blocks),
        "is_current": section.address == current,
    }


def _part_entry(number: int, blocks: tuple[FactBlock, ...], current: int, query: str) -> dict[str, Any]:
    """A part of a section, called by its first block."""
    return {
        "number": number,
        "is_current": number == current,
        "href": f"{query}{'&' if query else '?'}part={number}",
        "first": shorten(localize_text(blocks[0].title), PART_LETTERS),
    }


def section_address(year: int, address: str) -> str:
    """The address of a section."""
    if address == FRONT:
        return reverse("nation:report", args=[year])
    return reverse("nation:report-section", args=[year, address])


def row_address(choice: ReportChoice, block: str, row: str, part: str) -> str:
    """The address of the provinces behind a figure, by parts of addresses."""
    year = choice.population.year
    if part:
        return reverse("nation:report-part", args=[year, block, row, part]) + choice.query
    return reverse("nation:report-row", args=[year, block, row]) + choice.query


@require_safe
@reads_nation
def row(request: SignedInRequest, year: int, block: str, row: str, part: str = "") -> HttpResponse:
    """The provinces behind a figure, in bands of their level, in Thai order inside a band."""
    asked = _get_provinces_report(request, year)
    found = next((one for one in asked.report.blocks if address_part(one.key) == block), None)
    figure = find_figure(found, row, part) if found else None
    if found is None or figure is None:
        raise Http404
    whole, piece = figure
    told = piece or whole
    if told.hidden or not told.provinces:
        raise Http404
    names = get_level_names()
    bands = provinces_behind(year, told.provinces)
    context = {
        **_about(asked),
        "block": block_view(found, reader_language()),
        "section_title": section_title(Section(found.section, ()), asked.titles, reader_language()),
        "section_href": section_address(year, Section(found.section, ()).address) + asked.choice.query,
        "labels": [localize_text(one.label) for one in figure if one is not None],
        "percent": told.percent,
        "total": len(told.provinces),
        "bands": [
            (band.level, localize_text(names[band.level].short) if band.level in names else "", band.rows)
            for band in bands
        ],
    }
    return render(request, "nation/national/row.html", context)
