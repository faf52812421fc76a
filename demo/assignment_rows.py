"""The assignments that the file of the sample province lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from demo.sample_file import SampleData
from survey.instrument.queries import questions_by_item_id
from survey.instrument.schema import CompiledInstrument
from survey.models import Assignment, Instrument, Round, SubPillar


def sample_assignments(round_: Round, data: SampleData) -> Iterator[Assignment]:
    """The assignments of the file, groups expanded: a group leaves out agencies named for the same target."""
    agencies = {a.code: a for a in round_.province.agencies.all()}
    rows = [(row, target) for row in data["assignments"] for target in _targets(round_.instrument, row)]
    named: dict[Any, set[str]] = {}
    for row, target in rows:
        named.setdefault(_target_key(target), set()).update(to["agency"] for to in row["to"] if "agency" in to)
    groups = {
        name: [code for code, agency in agencies.items() if agency.kind in group["kinds"]]
        for name, group in data["groups"].items()
    }
    for row, target in rows:
        for to in row["to"]:
            members = [c for c in groups.get(to.get("group"), ()) if c not in named[_target_key(target)]]
            for code in [to["agency"]] if "agency" in to else members:
                yield Assignment(
                    round=round_,
                    agency=agencies[code],
                    role=to["role"],
                    if_any=bool(to.get("if_any")),
                    item_id=row.get("part", ""),
                    note=row.get("note", {}).get("th", ""),
                    **target,
                )


def _target_key(target: Mapping[str, Any]) -> tuple[str, int]:
    ((name, row),) = target.items()
    return name, row.pk


def _targets(instrument: Instrument, row: SampleData) -> Iterator[dict[str, Any]]:
    """The questions or sub-pillars that a row of the file assigns."""
    if "questions" in row:
        questions = questions_by_item_id(instrument)
        yield from ({"question": questions[item_id]} for item_id in row["questions"])
        return
    sub_pillars = SubPillar.objects.filter(pillar__instrument=instrument)
    chosen = (
        sub_pillars.filter(code=row["sub_pillar"])
        if "sub_pillar" in row
        else sub_pillars.filter(pillar__number=row["pillar"], parent=None)
    )
    yield from ({"sub_pillar": sub} for sub in chosen)


def assigned_questions(instrument: CompiledInstrument, assignment: Assignment) -> set[str]:
    """The questions an assignment covers."""
    if assignment.question is not None:
        return {assignment.question.item_id}
    code = assignment.sub_pillar.code if assignment.sub_pillar else None
    parts = {s.code for s in instrument.sub_pillars.values() if code in (s.code, s.parent)}
    return {q.id for q in instrument.questions if q.sub_pillar in parts}
