"""The page that says what a file changes of the version before it, folded by section."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready.language import reader_language
from dgready.structure import StructureChange, structure_changes
from scoring.scheme.earlier_version import earlier_scheme
from scoring.scheme.load import parse_scheme
from survey.instrument.queries import compiled_instrument
from survey.linking.link_file import read_link_header
from survey.linking.links import YearLinks
from survey.models import DataFile, DataFileKind
from survey.publishing.earlier_links import earlier_links, read_links
from survey.publishing.form_differences import SectionChanges, form_differences
from survey.publishing.queries import earlier_form
from survey.publishing.views.access import get_file, get_form
from survey.publishing.wording import CHANGE_NAMES, PART_NAMES, path_words

PAGE_BYTES: Final = 90_000  # of differences; the page around them takes the rest
ROW_BYTES: Final = 420  # of the marks of one difference
EXCERPT: Final = 240  # letters of one side
_SCHEME_LEFT_OUT: Final = frozenset({"key", "year", "version", "compiled", "line"})


@dataclass(slots=True)
class ShownGroup:
    """A folded group of differences. `left`: how many more it has than are shown."""

    key: str
    title: str | Promise
    count: int
    rows: list[dict[str, Any]] = field(default_factory=list)

    @property
    def left(self) -> int:
        """How many differences are not shown."""
        return self.count - len(self.rows)


@require_safe
@allow(Capability.INSTRUMENTS_MANAGE)
def of_form(request: SignedInRequest, number: int) -> HttpResponse:
    """What a version of a form changes of the version before it, else of the year before."""
    row = get_form(request, number)
    earlier = earlier_form(row)
    groups: list[ShownGroup] = []
    if earlier is not None:
        sections = form_differences(compiled_instrument(earlier), compiled_instrument(row))
        groups = _shown((_section_rows(s) for s in sections), request.GET.get("group"))
    context = {"back": reverse("survey:year-form", args=[number]), "earlier": earlier, "this": row}
    return _render(request, groups, context)


@require_safe
@allow(Capability.INSTRUMENTS_MANAGE)
def of_file(request: SignedInRequest, number: int) -> HttpResponse:
    """What a scheme or a file of links changes of the one before it."""
    file = get_file(request, number)
    if file.kind == DataFileKind.INSTRUMENT:
        raise Http404
    earlier, changes = _scheme_changes(file) if file.kind == DataFileKind.SCHEME else _link_changes(file)
    groups = _shown(_by_part(changes), request.GET.get("group"))
    context = {"back": reverse("survey:year-file", args=[number]), "earlier": earlier, "this": file}
    return _render(request, groups, context)


def _render(request: SignedInRequest, groups: Sequence[ShownGroup], context: dict[str, Any]) -> HttpResponse:
    if (wanted := request.GET.get("group")) is not None and not groups:
        raise Http404
    context |= {"groups": groups, "total": sum(g.count for g in groups), "wanted": wanted}
    return render(request, "survey/publishing/differences.html", context)


def _scheme_changes(file: DataFile) -> tuple[str, list[StructureChange]]:
    scheme, _faults = parse_scheme(file.text)
    earlier = earlier_scheme(scheme) if scheme else None
    if scheme is None or earlier is None:
        return "", []
    name = f"{earlier.scheme.key} v{earlier.scheme.version}"
    return name, list(structure_changes(earlier.scheme, scheme, leave_out=_SCHEME_LEFT_OUT))


def _link_changes(file: DataFile) -> tuple[str, list[StructureChange]]:
    header = read_link_header(file.text)
    new, earlier = read_links(file.text, header), earlier_links(file, header)
    if new is None or earlier is None:
        return "", []
    sides: list[YearLinks] = [earlier[1], new]
    return earlier[0], list(structure_changes(*sides, leave_out={"year", "published"}))


def _section_rows(section: SectionChanges) -> tuple[str, str, list[dict[str, Any]]]:
    code_title = f"{section.key} {section.title.to(reader_language())}".strip() or _("ทั้งแบบ")
    rows = [
        _row(change, item.code or item.item, item.label if number == 0 else "")
        for item in section.items
        for number, change in enumerate(item.changes)
    ]
    return section.key or "-", code_title, rows


def _by_part(changes: Iterable[StructureChange]) -> Iterator[tuple[str, str, list[dict[str, Any]]]]:
    """The differences grouped by their first part and the name below it."""
    groups: dict[str, tuple[str, list[dict[str, Any]]]] = {}
    for change in changes:
        first = change.path[0]
        deep = first == "pillars" and len(change.path) > 1
        key = f"{first} {change.path[1]}" if deep else first
        title = f"{PART_NAMES.get(first, first)} {change.path[1] if deep else ''}".strip()
        groups.setdefault(key, (title, []))[1].append(_row(change, "", ""))
    yield from ((key, title, rows) for key, (title, rows) in groups.items())


def _row(change: StructureChange, code: str, label: str) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "kind_name": CHANGE_NAMES[change.kind],
        "code": code,
        "label": label[:EXCERPT],
        "path": path_words(change),
        "before": _excerpt(change.before),
        "after": _excerpt(change.after),
    }


def _excerpt(text: str) -> str:
    return text if len(text) <= EXCERPT else text[:EXCERPT] + "…"


def _shown(groups: Iterable[tuple[str, str, list[dict[str, Any]]]], wanted: str | None) -> list[ShownGroup]:
    """The groups (or the one wanted) with as many rows as a page may carry."""
    room, shown = PAGE_BYTES, []
    for key, title, rows in groups:
        if wanted is not None and key != wanted:
            continue
        group = ShownGroup(key, title, len(rows))
        for row in rows:
            room -= ROW_BYTES + sum(len(str(row[name]).encode()) for name in ("label", "before", "after"))
            if room < 0:
                break
            group.rows.append(row)
        shown.append(group)
    return shown
