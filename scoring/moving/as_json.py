"""What a move changes, as plain values for programs and as lines for people at a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from scoring.moving.preview import MovePreview, NamedValue, ResponsePreview
from survey.answering.checker import OpenPoint


def preview_json(preview: MovePreview) -> dict[str, Any]:
    """A preview as printed (JSON)."""
    score, round_ = preview.score, preview.round
    return {
        "province": round_.province.code,
        "year": round_.year,
        "from": round_.instrument.version,
        "to": preview.target.version,
        "refusal": preview.refusal,
        "periods": [[day.isoformat() for day in one] for one in preview.periods] if preview.periods else None,
        "parts_gone": [{"agency": agency, "part": part} for agency, part in preview.parts_gone],
        "unassigned": list(preview.unassigned),
        "score": None
        if score is None
        else {
            "scheme": score.scheme,
            "scheme_version": [score.scheme_before, score.scheme_after],
            "total": [_number(score.total_before), _number(score.total_after)],
            "level": [score.level_before, score.level_after],
            "kpi": [_number(one) for one in score.kpi] if score.kpi else None,
            "sub_pillars": {s.code: [_number(s.before), _number(s.after)] for s in score.sub_pillars},
        },
        "responses": [_response_json(one) for one in preview.responses],
    }


def _response_json(one: ResponsePreview) -> dict[str, Any]:
    agency = one.response.agency
    return {
        "response": one.response.pk,
        "agency": agency.code if agency else None,
        "kept": one.kept,
        "aside": [_value_json(value) for value in one.aside],
        "options": [_value_json(value) for value in one.options],
        "back": [_value_json(value) for value in one.back],
        "opened": [_point_json(point) for point in one.opened],
        "closed": [_point_json(point) for point in one.closed],
        "files_aside": list(one.files_aside),
        "files_back": list(one.files_back),
        "places_opened": list(one.places_opened),
        "places_closed": list(one.places_closed),
        "remarks_aside": one.remarks_aside,
    }


def _value_json(value: NamedValue) -> dict[str, str]:
    return {"question": value.question, "place": value.place, "text": value.text}


def _point_json(point: OpenPoint) -> dict[str, str]:
    return {"kind": point.kind, "address": point.address, "message": point.message.to("en")}


def _number(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def preview_lines(preview: MovePreview) -> Iterator[str]:
    """A preview as lines: the round, its score, then each response with what changes there."""
    round_, score = preview.round, preview.score
    yield f"{round_.province.code} {round_.year}: version {round_.instrument.version} -> {preview.target.version}"
    if preview.refusal:
        yield f"  not moved: {preview.refusal}"
    if score is not None:
        total = f"{_number(score.total_before)} -> {_number(score.total_after)}"
        yield f"  score {total}, level {score.level_before} -> {score.level_after}, scheme {score.scheme}"
        yield from (f"    {s.code}: {_number(s.before)} -> {_number(s.after)}" for s in score.sub_pillars)
    else:
        yield "  score: no scheme fits both versions"
    yield from (f"  {agency}: nothing to answer any more: {part}" for agency, part in preview.parts_gone)
    yield from (f"  nobody answers: {question}" for question in preview.unassigned)
    for one in preview.responses:
        yield (
            f"  {one.name or 'province'}: kept {one.kept}, aside {len(one.aside)}, options gone {len(one.options)}, "
            f"back {len(one.back)}, points opened {len(one.opened)}, closed {len(one.closed)}"
        )
        for sign, values in (("aside", one.aside), ("option gone", one.options), ("back", one.back)):
            yield from (f"    {sign}: {v.question} {v.place}: {v.text}" for v in values)
        for sign, points in (("opens", one.opened), ("closes", one.closed)):
            yield from (f"    {sign}: {p.message.to('en')}" for p in points)
        for sign, names in (("evidence aside", one.files_aside), ("evidence back", one.files_back)):
            yield from (f"    {sign}: {name}" for name in names)
        for sign, names in (("asks evidence", one.places_opened), ("asks no evidence", one.places_closed)):
            yield from (f"    {sign}: {name}" for name in names)
