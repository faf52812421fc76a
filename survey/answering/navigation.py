"""The navigation of the form: all pages with their progress, grouped by pillar."""

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

SHOW_ALL_QUERY = "?all=1"  # of a contribution: also what is not assigned

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
    """HTML of the navigation. `marked`: evidence places that have what they ask for.

    `shown`: the questions that count, their pages the ones that are there (None: all). `query`: of a
    contribution EVERYTHING or "", as the page was asked for. `state` names what path and marks were read
    from: the same for everybody, so it is kept but for the page one is on.
    """
    if state is None or shown is not None or query is not None:
        return _render(path, marked, base, current, language, shown, query)
    html = _navigation_cache.get((state, base, language), lambda: _render(path, marked, base, "", language, None, None))
    here = f'href="{base}fill/{current}/"'
    return Markup(str(html).replace(here, f'{here} aria-current="page"', 1))


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
        groups=_pillar_groups(path, progress, language, shown),
        overall=total_progress(progress),
        base=base,
        current=current,
        query=query,
        everything=SHOW_ALL_QUERY,
    )
    return Markup(html)


def _pillar_groups(
    path: QuestionnairePath, progress: dict[str, Progress], language: str, shown: Collection[str] | None
) -> list[dict[str, Any]]:
    pages = {q.section for q in path.instrument.questions if shown is None or q.id in shown}
    sections = (s for s in path.instrument.sections if s.id in pages)
    names = {p.number: p.name.to(language) for p in path.instrument.pillars}

    def entry(section: Section) -> dict[str, Any]:
        title = section.title.to(language)
        return {"id": section.id, "code": section.sub_pillar, "title": title, "progress": progress[section.id]}

    return [
        {"number": number, "name": names.get(number or "", ""), "sections": [entry(s) for s in some]}
        for number, some in groupby(sections, key=lambda s: s.pillar)
    ]
