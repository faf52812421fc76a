"""Taking over what agencies changed of evidence that the provincial answer has from them, and undoing it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial
from typing import Any, Final, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from evidence.attaching import actions as attaching
from evidence.files.refusal import EvidenceRefused
from evidence.following.queries import EvidenceChange, taken_evidence
from evidence.following.sides import MarkKey
from evidence.models import Attachment, Mark
from survey.answering import actions as answers
from survey.journal import actions as journal
from survey.models import Event, Response

UNDONE_VERBS: Final = ("evidence.adopt", "evidence.unmark", "evidence.remove", "evidence.date", "evidence.confirm")


class Followed(NamedTuple):
    """What following changed: how many pieces of evidence, and the numbers of its first and last event."""

    pieces: int
    first: int
    last: int


def follow_evidence(
    *, by: User, response: Response, question: str, new: Sequence[tuple[Attachment, str]] = ()
) -> Followed:
    """Takes over what agencies changed of the evidence of a question; what both sides changed stays as it is.

    `new`: evidence that was attached since, with its place in the provincial answer. Raises NotEditable.
    """
    with transaction.atomic():
        before = answers.require_editable(journal.lock_response(response.pk)).version
        count = 0
        for change in taken_evidence(response, question).changes.get(question, ()):
            if change.changes.kinds:
                count += _try(partial(_take, by, response, change))
        for attachment, address in new:
            place: dict[str, Any] = {"response": response, "address": address}
            count += _try(partial(attaching.adopt_evidence, by=by, attachment=attachment, **place))
        last = Response.objects.values_list("version", flat=True).get(pk=response.pk)
    return Followed(count, before + 1, last)


def _try(act: Callable[[], object]) -> bool:
    """Whether an act was done; one that is refused now (a virus was found meanwhile) changes nothing."""
    try:
        with transaction.atomic():
            act()
    except EvidenceRefused:
        return False
    return True


def _take(by: User, response: Response, change: EvidenceChange) -> None:
    mine, source, kinds = change.mine, change.source, change.changes.kinds
    assert mine is not None
    if {"version", "marks", "copy"} & set(kinds):
        attaching.adopt_evidence(by=by, attachment=source, response=response, address=change.address)
    if "version" in kinds or "removed" in kinds:
        attaching.remove_attachment(by=by, attachment=mine)
        return
    _delete_marks(by, mine, change.changes.gone_marks)
    if "date" in kinds:
        attaching.set_document_date(by=by, attachment=mine, document_date=source.document_date)
    if "confirmed" in kinds:
        try:
            attaching.confirm_evidence(by=by, attachment=mine, reason=_("หน่วยงานยืนยันแล้ว"))
        except EvidenceRefused:
            return  # its date is not known: it waits, and its panel asks for the date


def _delete_marks(by: User, attachment: Attachment, keys: Iterable[MarkKey]) -> None:
    wanted = set(keys)
    for mark in Mark.objects.filter(attachment=attachment).select_related("attachment__question"):
        if MarkKey(mark.pages, mark.quote, mark.areas, mark.note) in wanted:
            attaching.delete_mark(by=by, mark=mark)


def undo_following(*, by: User, response: Response, first: int, last: int) -> int:
    """Takes back what one person's following changed between two events; how many changes. Raises NotEditable.

    What meanwhile stands otherwise (the same file attached again, the mark there again) stays.
    """
    with transaction.atomic():
        answers.require_editable(journal.lock_response(response.pk))
        told = Event.objects.filter(response=response, by=by, verb__in=UNDONE_VERBS, seq__range=(first, last))
        count = 0
        for event in told.order_by("-seq"):
            attachment = Attachment.objects.filter(response=response, public_id=event.data["attachment"]).first()
            if attachment is None:
                continue
            count += _try(partial(_undo, by, response, event, attachment))
    return count


def _undo(by: User, response: Response, event: Event, attachment: Attachment) -> None:
    before, after = event.data["before"], event.data["after"]
    if event.verb == "evidence.adopt":
        earlier = Event.objects.filter(response=response, seq__lt=event.seq, data__attachment=event.data["attachment"])
        if earlier.exists():
            if event.data.get("copied"):
                attaching.remove_copy(by=by, attachment=attachment)
            _delete_marks(
                by,
                attachment,
                {MarkKey(m["pages"], m["quote"], m.get("areas", ""), m.get("note", "")) for m in after["marks"]},
            )
        else:
            attaching.remove_attachment(by=by, attachment=attachment)
    elif event.verb == "evidence.unmark":
        attaching.restore_mark(by=by, attachment=attachment, removal=event)
    elif event.verb == "evidence.remove":
        attaching.restore_attachment(by=by, attachment=attachment)
    elif event.verb == "evidence.date":
        day = before.get("document_date")
        attaching.set_document_date(
            by=by, attachment=attachment, document_date=date.fromisoformat(day) if day else None
        )
    else:
        attaching.undo_confirmations(by=by, response=response, events=[event])
