"""Renders the navigation of the form: all sections with their progress, grouped by pillar."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from itertools import groupby
from typing import Any

from markupsafe import Markup

from dgready.lru_cache import LruCache
from survey.answering.card_compiler import page_template
from survey.instrument.path import QuestionnairePath
from survey.instrument.progress import Progress, progress_by_section, total_progress
from survey.instrument.schema import Section

SHOW_ALL_QUERY = "?all=1"  # query string of a contribution's page that also shows questions not assigned to the agency

_GROUP = '<details class="fill-nav-group"'  # how a pillar begins in the navigation's template
_navigation_cache: LruCache[Markup] = LruCache(64)


def render_navigation(
    path: QuestionnairePath,
    marked: Collection[str],
    *,
    base: str,
    current: str,
    language: str,
    shown: Collection[str] | None = None,
    query: str | None = None,
    state: Hashable | None = None,
) -> Markup:
    """HTML of the navigation. `marked`: evidence places with marked evidence.

    `shown`: the questions to count and list sections of (None: all). `query`: for a contribution SHOW_ALL_QUERY or
    "", as the page was requested. `state`: key of the response state that path and marks were read from; with it the
    HTML is cached for all readers, but for the mark of the current page.
    """
    if state is None or shown is not None or query is not None:
        return _render(path, marked, base, current, language, shown, query)
    html = _navigation_cache.get((state, base, language), lambda: _render(path, marked, base, "", language, None, None))
    return _with_current(html, f'href="{base}fill/{current}/"')


def _with_current(html: Markup, link: str) -> Markup:
    """The navigation of all readers with the current page's link marked and its pillar open."""
    text = str(html)
    at = text.find(link)
    if at < 0:
        return html
    group = text.rfind(_GROUP, 0, at) + len(_GROUP)
    return Markup(f'{text[:group]} open{text[group:at]}{link} aria-current="page"{text[at + len(link) :]}')


def _render(
    path: QuestionnairePath,
    marked: Collection[str],
    base: str,
    current: str,
    language: str,
    shown: Collection[str] | None,
    query: str | None,
) -> Markup:
    progress = progress_by_section(path, marked, shown)
    html = page_template("nav", language).render(
        groups=_pillar_groups(path, progress, language, shown, current),
        overall=total_progress(progress),
        base=base,
        current=current,
        query=query,
        everything=SHOW_ALL_QUERY,
    )
    return Markup(html)


def _pillar_groups(
    path: QuestionnairePath, progress: dict[str, Progress], language: str, shown: Collection[str] | None, current: str
) -> list[dict[str, Any]]:
    section_ids = {q.section for q in path.instrument.questions if shown is None or q.id in shown}
    sections = (section for section in path.instrument.sections if section.id in section_ids)
    names = {p.number: p.name.to(language) for p in path.instrument.pillars}

    def entry(section: Section) -> dict[str, Any]:
        title = section.title.to(language)
        return {"id": section.id, "code": section.sub_pillar, "title": title, "progress": progress[section.id]}

    def group(number: str | None, some: list[Section]) -> dict[str, Any]:
        return {
            "number": number,
            "name": names.get(number or "", ""),
            "sections": [entry(section) for section in some],
            "progress": total_progress({section.id: progress[section.id] for section in some}),
            "current": any(section.id == current for section in some),
        }

    return [group(number, list(some)) for number, some in groupby(sections, key=lambda section: section.pillar)]
