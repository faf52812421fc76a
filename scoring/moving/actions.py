"""Moves a round to another published version of its form: all its responses in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import NotAllowed, RefusedError
from accounts.models import User
from accounts.roles import Capability
from evidence.events import event_state, record_evidence_event
from evidence.models import Attachment
from scoring.moving import notices, repointing
from scoring.moving.plan import ResponsePlan, parts_without_place, plan_response
from scoring.moving.round_state import StoredProof, question_keys, read_round
from scoring.scheme import registry
from scoring.scheme.queries import get_round_scheme
from survey.answering.actions import diff_answers
from survey.assigning.actions import assignment_entry, entry_event_data
from survey.instrument.queries import compiled_instrument, questions_by_item_id
from survey.journal import actions as journal
from survey.journal.queries import FORM_MOVE_VERB
from survey.models import Answer, Assignment, Event, Instrument, Response, Round


def move_refusal(response: Response, target: Instrument) -> str:
    """Why the round of a provincial response does not move to a version now, for people; "" where it may.

    What the committee endorsed, the governor has before him or has approved was read on the present version: it is
    returned first, so that it is read again on the other one.
    """
    round_, state = response.round, Response.State(response.state)
    if target.published_at is None or (target.key, target.year) != (round_.instrument.key, round_.instrument.year):
        return _("ฉบับนี้ยังไม่เผยแพร่ หรือไม่ใช่แบบสำรวจของรอบนี้")
    if target.pk == round_.instrument_id:
        return _("รอบนี้ใช้ฉบับนี้อยู่แล้ว")
    if state == Response.State.APPROVED:
        return _("คำตอบอนุมัติแล้ว จึงคงอยู่กับแบบสำรวจฉบับที่อนุมัติ หากต้องย้าย โปรดให้ผู้อนุมัติเปิดให้แก้ไขก่อน")
    if state == Response.State.SUBMITTED:
        return _("คำตอบอยู่ที่%(chief)s โปรดถอนหรือให้ส่งกลับก่อน แล้วจึงย้าย") % round_.province.words
    if state == Response.State.ENDORSED:
        return _("คณะกรรมการเห็นชอบคำตอบตามฉบับเดิมแล้ว โปรดให้ส่งกลับก่อน แล้วจึงย้าย")
    if round_.is_closed(timezone.now()):
        return _("รอบนี้ปิดแล้ว โปรดขยายเวลาก่อน แล้วจึงย้าย")
    return ""


def move_round(*, by: User, round_: Round, target: Instrument, keep_scheme: bool = True, seen: int = 0) -> Event:
    """Moves a round to a published version of its form; the event of the provincial response.

    Items are matched by id. What the version has no place for is kept aside and comes back with a version that has.
    `keep_scheme`: a scheme version chosen for the round stays, where it fits the version. `seen`: key of the version
    that the person saw as the present one, 0 for any. Raises NotAllowed, RefusedError.
    """
    if not by.has(Capability.ROUND_MANAGE, province_id=round_.province_id):
        raise NotAllowed
    with transaction.atomic():
        locked = _lock_round(round_)
        provincial = locked[0]
        if seen and seen != provincial.round.instrument_id:
            raise RefusedError(_("รอบนี้ย้ายไปใช้ฉบับอื่นแล้วหลังจากเปิดหน้านี้ โปรดดูอีกครั้ง"))
        if refusal := move_refusal(provincial, target):
            raise RefusedError(refusal)
        data = read_round(provincial.round, target)
        plans = {one.response.pk: plan_response(data, one) for one in data.responses}
        parts = parts_without_place(data)
        for response in locked:
            _move_proofs(by, response, plans[response.pk].proofs_aside, removed=True)
        _remove_parts(by, provincial, parts)
        before, after = _move_rows(provincial.round, target, keep_scheme=keep_scheme)
        events = {}
        for response in locked:
            response.round = provincial.round
            events[response.pk] = _move_response(by, response, plans[response.pk], before, after)
        notices.notify_moved(by=by, data=data, plans=plans, event=events[provincial.pk])
    return events[provincial.pk]


def _lock_round(round_: Round) -> list[Response]:
    """Locks the responses of a round, the provincial one first, and the round between, so that none is begun."""
    provincial = journal.lock_response(Response.objects.only("pk").get(round=round_, agency=None).pk)
    rows = Round.objects.select_related("instrument", "province").defer("instrument__source")
    provincial.round = rows.select_for_update(of=("self",)).get(pk=round_.pk)
    others = Response.objects.filter(round=round_).exclude(pk=provincial.pk).order_by("pk")
    locked = [provincial, *(journal.lock_response(pk) for pk in others.values_list("pk", flat=True))]
    for response in locked:
        response.round = provincial.round
    return locked


def _move_rows(round_: Round, target: Instrument, *, keep_scheme: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    """Moves round, responses and all rows on questions; what the event tells of the round before and after."""
    before = _form_facts(round_)
    Response.objects.filter(round=round_).update(form_moves=F("form_moves") + 1)
    round_.instrument, round_.form_moves = target, round_.form_moves + 1
    if round_.scheme_sha256 and not (keep_scheme and scheme_fits(round_)):
        round_.scheme_sha256 = ""
    round_.save(update_fields=["instrument", "form_moves", "scheme_sha256"])
    repointing.repoint_rows(round_, target)
    return before, _form_facts(round_)


def scheme_fits(round_: Round) -> bool:
    """Whether the scheme of a round fits its form; one query where it is stored."""
    try:
        get_round_scheme(round_)
    except (registry.FaultyScheme, registry.MissingScheme):
        return False
    return True


def _form_facts(round_: Round) -> dict[str, Any]:
    row = round_.instrument
    name = f"{row.key} {row.year} v{row.version}"
    return {"instrument": name, "instrument_sha256": row.checksum, "scheme_sha256": round_.scheme_sha256}


def _move_proofs(by: User, locked: Response, proofs: Iterable[StoredProof], *, removed: bool) -> None:
    """Takes attachments out, or brings them back, with the events of those acts."""
    keys = [proof.pk for proof in proofs]
    if not keys:
        return
    now = timezone.now()
    rows = Attachment.objects.filter(pk__in=keys).select_related("file", "question").prefetch_related("marks")
    for row in rows:
        row.removed_at, row.removed_by = (now, by) if removed else (None, None)
        row.save(update_fields=["removed_at", "removed_by"])
        verb, side = ("evidence.remove", "before") if removed else ("evidence.restore", "after")
        record_evidence_event(by, locked, locked, verb, row, **{side: event_state(row)}, more={"moved": True})


def _remove_parts(by: User, provincial: Response, parts: Iterable[Assignment]) -> None:
    for part in parts:
        entry = entry_event_data(assignment_entry(part, provincial.round))
        told = {"assignment": part.pk, "before": entry, "state": part.state, "moved": True}
        journal.record_event(by=by, response=provincial, verb="assignment.remove", data=told)
        Assignment.objects.filter(pk=part.pk).delete()


def _move_response(
    by: User, locked: Response, plan: ResponsePlan, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Event:
    """The event of the move in the journal of one response, then what it changes there."""
    repointing.repoint_comments(locked, plan, questions_by_item_id(locked.round.instrument))
    told = {
        "before": dict(before),
        "after": dict(after),
        "kept": list(plan.kept),
        "answers": {"aside": dict(plan.aside), "back": list(plan.back)},
        "evidence": {
            "aside": {proof.public_id: proof.file.address for proof in plan.proofs_aside},
            "back": [proof.public_id for proof in plan.proofs_back],
        },
        "comments": {
            "aside": {str(pk): item for pk, item in plan.comments_aside.items()},
            "back": {str(pk): item for pk, item in plan.comments_back.items()},
        },
    }
    event = journal.record_event(by=by, response=locked, verb=FORM_MOVE_VERB, data=told)
    _change_answers(by, locked, plan)
    _move_proofs(by, locked, plan.proofs_back, removed=False)
    return event


def _change_answers(by: User, locked: Response, plan: ResponsePlan) -> None:
    """Writes the answers that change, each a revision of its own, so that pages open elsewhere are merged with it."""
    rows = questions_by_item_id(locked.round.instrument)
    keys = question_keys(locked.round.instrument)
    for change in plan.changes:
        stored, now = change.stored, timezone.now()
        new = {**change.fields, "saved_by": by, "saved_at": now}
        if stored is None:
            Answer.objects.create(response=locked, question_id=keys[change.item], revision=1, **new)
        else:
            Answer.objects.filter(pk=stored.pk).update(revision=stored.revision + 1, **new)
        told = diff_answers(stored.fields if stored else {}, change.fields)
        version = compiled_instrument(locked.round.instrument).version
        journal.record_event(
            by=by,
            response=locked,
            verb="answer.move",
            question=rows[change.item],
            at=now,
            data={**told, "form": version},
        )
