"""The lines of an act's page: each province, before and after in words, why it is left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from dgready import thai
from dgready.language import reader_language
from nation.bulk.score_planning import choice_key
from nation.bulk.words import REASONS
from nation.models import BulkAct, BulkStep

Kind = BulkAct.Kind


@dataclass(frozen=True, slots=True)
class StepRow:
    """A province of an act: what stands or stood, what comes or came of it, why not."""

    name: str
    code: str
    state: str
    state_label: str
    before: str
    after: str
    reason: str


def step_table(act: BulkAct, steps: Sequence[BulkStep]) -> dict[str, Any]:
    """The lines of the steps, those left out last, and which columns any of them fills. No query."""
    left_out = BulkStep.State.LEFT_OUT
    rows = sorted(_step_rows(act, steps), key=lambda row: row.state == left_out)
    columns = {f"any_{name}": any(getattr(row, name) for row in rows) for name in ("before", "after", "reason")}
    return {"rows": rows, **columns}


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """A score of the province beside that of the department, which replaces it only where it is chosen."""

    key: str
    name: str
    sub_pillar: str
    own: Mapping[str, Any]
    given: Mapping[str, Any]
    is_chosen: bool

    @property
    def own_day(self) -> str:
        """The day of the province's own source."""
        return _day(self.own["dated"])

    @property
    def given_day(self) -> str:
        """The day of the department's source."""
        return _day(self.given["dated"])


def conflict_rows(act: BulkAct, steps: Sequence[BulkStep]) -> list[ConflictRow]:
    """The conflicts of a table in the order of its provinces. No query."""
    chosen = act.params.get("chosen", ())
    return [
        ConflictRow(
            key := choice_key(step.province.code, one["given"]["sub_pillar"]),
            step.province.name,
            one["given"]["sub_pillar"],
            one["own"],
            one["given"],
            key in chosen,
        )
        for step in steps
        for one in step.after.get("conflicts", ())
    ]


def _step_rows(act: BulkAct, steps: Sequence[BulkStep]) -> list[StepRow]:
    return [
        StepRow(
            name=step.province.name,
            code=step.province.code,
            state=step.state,
            state_label=_state_label(act, step),
            before=_before(step.before),
            after=_after(act, step) if step.state in (BulkStep.State.WAITING, BulkStep.State.DONE) else "",
            reason=step.said or str(REASONS.get(step.reason, "")),
        )
        for step in steps
    ]


def _state_label(act: BulkAct, step: BulkStep) -> str:
    if act.started_at is None and step.state == BulkStep.State.WAITING:
        return _("จะทำ")
    return str(step.get_state_display())


def _before(before: Mapping[str, Any]) -> str:
    if "closes_at" in before:
        return _("ปิด %(day)s") % {"day": _moment(before["closes_at"])}
    if "figures" in before:
        return _figures(before["figures"])
    return _("เปิดรอบไว้") if "round" in before else ""


def _figures(figures: Sequence[Mapping[str, Any]]) -> str:
    """Scores in a line: "3.3 = 49.83 · 4.2 = 77.34"."""
    return " · ".join(f"{figure['sub_pillar']} = {figure['score']}" for figure in figures)


def _after(act: BulkAct, step: BulkStep) -> str:
    after = step.after
    if act.kind == Kind.OPEN:
        days = {name: _day(after[name]) for name in ("opens_on", "agency_due", "committee_on")}
        return _("เปิด %(opens_on)s · หน่วยงานส่ง %(agency_due)s · ประชุม %(committee_on)s · ปิด %(closes)s") % {
            **days,
            "closes": _moment(after["closes_at"]),
        }
    if act.kind == Kind.IMPORT:
        return _("หน่วยงานใหม่ %(add)s แก้ไข %(change)s · เชิญ %(invite)s คน") % {
            name: after.get(name, 0) for name in ("add", "change", "invite")
        }
    if "figures" in after:
        taken_out = _("ไม่มีคะแนน") if act.kind == Kind.BACK and not after["figures"] else ""
        return taken_out or _figures(after["figures"])
    if "people" in after:
        return _("%(n)s คน") % {"n": len(after["people"])}
    if "closes_at" in after:
        return _("ปิด %(day)s") % {"day": _moment(after["closes_at"])}
    return _("ถอนรอบ") if act.kind == Kind.BACK else ""


def _day(text: str) -> str:
    return thai.format_date(date.fromisoformat(text), reader_language(), "short")


def _moment(text: str) -> str:
    """A moment; "now" of an act that ends rounds when it is done."""
    if text == "now":
        return _("ทันที")
    moment = timezone.localtime(datetime.fromisoformat(text))
    return f"{thai.format_date(moment.date(), reader_language(), 'short')} {moment:%H:%M}"
