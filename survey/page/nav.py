"""The navigation of the form: all pages with their progress, grouped by pillar."""

from __future__ import annotations

from collections.abc import Collection
from itertools import groupby
from typing import Any

from markupsafe import Markup

from survey.instrument.path import Path
from survey.instrument.schema import Section
from survey.page.compile import nav_template
from survey.progress import Progress, by_section, overall


def navigation(path: Path, marked: Collection[str], *, base: str, current: str, language: str) -> Markup:
    """HTML of the navigation. `marked`: evidence places that have what they ask for."""
    progress = by_section(path, marked)
    html = nav_template(language).render(
        groups=_groups(path, progress, language), overall=overall(progress), base=base, current=current
    )
    return Markup(html)


def _groups(path: Path, progress: dict[str, Progress], language: str) -> list[dict[str, Any]]:
    names = {p.number: p.name.to(language) for p in path.instrument.pillars}

    def entry(section: Section) -> dict[str, Any]:
        title = section.title.to(language)
        return {"id": section.id, "code": section.sub_pillar, "title": title, "progress": progress[section.id]}

    return [
        {"number": number, "name": names.get(number or "", ""), "sections": [entry(s) for s in sections]}
        for number, sections in groupby(path.instrument.sections, key=lambda s: s.pillar)
    ]
