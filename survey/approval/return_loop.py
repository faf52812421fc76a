"""What a governor returned an answer for, and what became of it: remarks, replies, changes since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from survey.approval.changes import AnswerChanges, describe_changes
from survey.approval.review_events import ReviewEvents
from survey.models import Comment, Event, Response


@dataclass(frozen=True, slots=True)
class ReturnRemark:
    """A remark of the governor with its replies; `question` and `code` are empty for the whole answer."""

    comment: Comment
    question: str
    code: str
    replies: tuple[Comment, ...]

    @property
    def is_answered(self) -> bool:
        """Whether somebody else has replied, or it is resolved."""
        return self.comment.resolved_at is not None or any(r.by_id != self.comment.by_id for r in self.replies)


@dataclass(frozen=True, slots=True)
class ReturnLoop:
    """An answer that was before the governor earlier: its last submission, the return, and what came of it."""

    earlier: Event
    returned: Event | None
    remarks: tuple[ReturnRemark, ...]
    changes: AnswerChanges


def read_return_loop(response: Response, events: ReviewEvents, language: str) -> ReturnLoop | None:
    """The loop of an answer that is submitted again, or None at its first submission. At most two queries."""
    earlier, returned = _earlier_submission(events.steps)
    if earlier is None:
        return None
    remarks = _read_remarks(response, returned) if returned else ()
    changes = describe_changes(response, events.additions_after(earlier.seq), language)
    return ReturnLoop(earlier, returned, remarks, changes)


def _earlier_submission(steps: Sequence[Event]) -> tuple[Event | None, Event | None]:
    """The submission that the last return answered, with the return; without one the submission before the newest."""
    open_steps: list[Event] = []
    for event in steps:
        if event.verb == "response.approve":
            break
        open_steps.append(event)
    returned = next((e for e in open_steps if e.verb == "response.return"), None)
    newest = next((e for e in steps if e.verb == "response.submit"), None)
    before = returned or newest
    if before is None:
        return None, None
    return next((e for e in steps if e.verb == "response.submit" and e.seq < before.seq), None), returned


def _read_remarks(response: Response, returned: Event) -> tuple[ReturnRemark, ...]:
    """The remarks made by a return, with their replies. One query."""
    keys = returned.data.get("comments", [])
    rows = Comment.objects.filter(response=response).select_related("by", "question", "resolved_by")
    rows = rows.filter(pk__in=keys) | rows.filter(parent__in=keys)
    made = list(rows.order_by("at", "pk"))
    return tuple(
        ReturnRemark(
            one,
            one.question.item_id if one.question else "",
            (one.question.code or one.question.item_id) if one.question else "",
            tuple(r for r in made if r.parent_id == one.pk),
        )
        for one in made
        if one.parent_id is None
    )
