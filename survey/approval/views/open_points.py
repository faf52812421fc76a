"""Open points as the pages of checking and submitting show them: kinds, counts, links, sections of the form."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from dgready.language import reader_language
from survey.answering.checker import OpenPoint
from survey.approval.point_groups import group_key, group_of_point, pillar_of_section
from survey.approval.point_kinds import POINT_KINDS
from survey.approval.review import (
    ReviewState,
    count_by_kind,
    point_href,
)
from survey.assigning.queries import AnswerScope
from survey.instrument.addresses import item_id_of
from survey.instrument.path import QuestionnairePath
from survey.instrument.schema import CompiledInstrument
from survey.journal.event_texts import item_title
from survey.models import Response

FEW_POINTS = 12  # so many are read at a glance and need no folding

# The sentences of these kinds begin with the kind, which is already the heading above them.
_KINDS_WITHOUT_PREFIX = frozenset({"missing", "no_file", "url", "unsure", "comment"})


def agency_points(points: Iterable[OpenPoint], scope: AnswerScope, state: ReviewState) -> list[OpenPoint]:
    """The open points of a contribution that concern its agency: in the items assigned to it, and comments.

    Where it answers only if it has something, nothing is missing until it has begun.
    """
    return [
        p
        for p in points
        if p.kind == "comment"
        or (
            item_id_of(p.address) in scope.asked.get(p.question, ())
            and not (p.kind == "missing" and p.question in scope.optional and p.question not in state.answers)
        )
    ]


def kind_counts(points: Iterable[OpenPoint]) -> list[dict[str, Any]]:
    """The kinds of open points that occur, with their counts."""
    counted = count_by_kind(list(points))
    return [
        {"kind": kind, "label": label, "icon": icon, "count": counted[kind]}
        for kind, (label, icon) in POINT_KINDS.items()
        if kind in counted
    ]


def points_by_pillar(
    response: Response,
    points: Sequence[OpenPoint],
    path: QuestionnairePath,
    handed_in: Collection[str] = (),
    *,
    seen: str = "",
) -> list[dict[str, Any]]:
    """The points by pillar, section of the form and kind. `handed_in`: questions the agency handed in.

    A pillar stands open when it holds the point whose key is `seen`, or when there is little to read in all.
    """
    instrument, language = path.instrument, reader_language()
    names = {p.number: p.name.to(language) for p in instrument.pillars}
    pillars: dict[str, dict[str, Any]] = {}
    for point in points:
        section = instrument.by_section.get(point.section)
        number = section.pillar or "" if section else ""
        pillar = pillars.setdefault(
            number,
            {"number": number, "name": names.get(number, _("ข้อมูลทั่วไปและทั้งฉบับ")), "points": [], "sections": {}},
        )
        pillar["points"].append(point)
        pillar["sections"].setdefault(point.section, []).append(point)
    for pillar in pillars.values():
        keys = {point.key for point in pillar["points"]}
        pillar["open"] = seen in keys or len(points) <= FEW_POINTS
        pillar["count"], pillar["kinds"] = len(keys), kind_counts(pillar["points"])
        pillar["sections"] = [
            _section_points(response, section, some, path, handed_in) for section, some in pillar["sections"].items()
        ]
    return list(pillars.values())


def _section_points(
    response: Response,
    section_id: str,
    points: Iterable[OpenPoint],
    path: QuestionnairePath,
    handed_in: Collection[str],
) -> dict[str, Any]:
    """The points of one section by kind."""
    section = path.instrument.by_section.get(section_id)
    kinds: dict[str, dict[str, Any]] = {}
    for point in points:
        label, icon = POINT_KINDS[point.kind]
        entry = kinds.setdefault(point.kind, {"label": label, "icon": icon, "points": []})
        entry["points"].append({**point_line(response, point, path), "handed_in": point.question in handed_in})
    return {
        "code": (section.sub_pillar or "") if section else "",
        "title": section.title.to(reader_language()) if section else _("ทั้งฉบับ"),
        "kinds": [kinds[kind] for kind in POINT_KINDS if kind in kinds],
    }


def point_line(response: Response, point: OpenPoint, path: QuestionnairePath) -> dict[str, Any]:
    """A point as a line of the page: link, text and the question it belongs to."""
    language = reader_language()
    text = point.message.to(language)
    question = path.instrument.items.get(point.question)
    where = item_title(question, language) if question else ""
    bare = text.partition(": ")[2] if point.kind in _KINDS_WITHOUT_PREFIX else text
    return {
        "href": point_href(response, point, path),
        "text": bare or text,
        "where": "" if where.endswith(bare or text) else where,
        "key": point.key,
    }


def points_by_kind_and_pillar(
    response: Response, points: Iterable[OpenPoint], path: QuestionnairePath
) -> list[dict[str, Any]]:
    """The points in the groups that are explained together: by kind, and in a kind by pillar."""
    instrument = path.instrument
    groups: dict[str, dict[str, Any]] = {}
    for point in points:
        pillar = pillar_of_section(instrument, point.section)
        group = groups.setdefault(
            group_of_point(instrument, point), {**_group_heading(instrument, point.kind, pillar), "points": {}}
        )
        line = {**point_line(response, point, path), "texts": []}
        # Two files at one place are one point to explain.
        group["points"].setdefault(point.key, line)["texts"].append(line["text"])
    return sorted(groups.values(), key=_group_place(instrument))


def stated_groups(instrument: CompiledInstrument, points: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The open points of a submission in the same groups, each with its reason and, for an old one, its day."""
    language = reader_language()
    groups: dict[str, dict[str, Any]] = {}
    for point in points:
        section = instrument.by_section.get(point["section"])
        pillar = pillar_of_section(instrument, point["section"])
        key = group_key(point["kind"], pillar)
        group = groups.setdefault(key, {**_group_heading(instrument, point["kind"], pillar), "lines": []})
        group["lines"].append(
            {
                "text": point["say"].get(language) or point["say"]["th"],
                "reason": point["reason"],
                "since": datetime.fromisoformat(point["since"]) if point.get("since") else None,
                "code": (section.sub_pillar or "") if section else "",
            }
        )
    for group in groups.values():
        given = {(line["reason"], line["since"]) for line in group["lines"]}
        group["reason"], group["since"] = next(iter(given)) if len(given) == 1 else ("", None)
    return sorted(groups.values(), key=_group_place(instrument))


def groups_by_kind(groups: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Groups of open points under their kinds, each kind with how many points it has."""
    kinds: dict[str, dict[str, Any]] = {}
    for group in groups:
        heading = {"kind": group["kind"], "label": group["label"], "icon": group["icon"], "count": 0, "groups": []}
        kind = kinds.setdefault(group["kind"], heading)
        kind["groups"].append(group)
        kind["count"] += len(group.get("lines") or group["points"])
    return list(kinds.values())


def _group_heading(instrument: CompiledInstrument, kind: str, pillar: str) -> dict[str, Any]:
    names = {p.number: p.name.to(reader_language()) for p in instrument.pillars}
    label, icon = POINT_KINDS[kind]
    return {
        "key": group_key(kind, pillar),
        "kind": kind,
        "label": label,
        "icon": icon,
        "pillar": pillar,
        "pillar_name": names.get(pillar, ""),
    }


def _group_place(instrument: CompiledInstrument) -> Any:
    kinds, pillars = list(POINT_KINDS), [p.number for p in instrument.pillars]
    return lambda group: (
        kinds.index(group["kind"]),
        pillars.index(group["pillar"]) if group["pillar"] in pillars else -1,
    )
