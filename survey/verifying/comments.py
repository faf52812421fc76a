"""Replaying threads: remarks, replies, what is settled and opened again."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping

from survey.journal.queries import FORM_MOVE_VERB
from survey.models import Comment, Event
from survey.verifying.replayer import Replayer, Row
from survey.verifying.report import JournalFault


class CommentReplayer(Replayer):
    """Remarks and their replies."""

    kind = "comment"
    verbs = frozenset({"comment.add", "comment.reply", "comment.resolve", "comment.reopen", FORM_MOVE_VERB})

    def take(self, event: Event) -> Iterator[JournalFault]:
        """Adds a remark, or settles or opens the thread of one."""
        if event.verb == FORM_MOVE_VERB:
            self._move(event.data.get("comments", {}))
            return
        key = event.data.get("comment")
        if event.verb in ("comment.add", "comment.reply"):
            self.rows[key] = self._new_row(event)
            return
        row = self.rows.get(key)
        if row is None:
            yield self.scope.fault("comment.unknown", seq=event.seq, question=event.question_id, subject=str(key))
            return
        row.seq = event.seq
        if event.verb == "comment.resolve":
            row.values |= {"resolved_at": event.at, "resolved_by": event.by_id}
        else:
            row.values |= {"resolved_at": None, "resolved_by": None, "reopened_at": event.at}

    def _move(self, moved: Mapping[str, Mapping[str, str]]) -> None:
        """Threads on a question that the new version does not have are about the whole answer until it is back."""
        for key, item in moved.get("back", {}).items():
            self.rows[int(key)].values["question"] = self.scope.present.get(item, item)
        for key in moved.get("aside", {}):
            self.rows[int(key)].values["question"] = None

    def _new_row(self, event: Event) -> Row:
        data = event.data
        values = {
            "text": data.get("text", ""),
            "by": event.by_id,
            "at": event.at,
            "thread": data.get("thread"),
            "address": data.get("address", ""),
            "attachment": data.get("attachment", ""),
            "must_answer": bool(data.get("must_answer")),
            "mentions": data.get("mentions", []),
            "resolved_at": None,
            "resolved_by": None,
            "reopened_at": None,
            "question": self.scope.told_question(event.question_id),
        }
        return Row(
            values, event.seq, event.question_id, place=data.get("address", ""), subject=str(data.get("comment"))
        )

    def stored(self) -> Iterator[tuple[Hashable, Row]]:
        """The stored remarks by key."""
        rows = Comment.objects.filter(response_id=self.scope.response.pk)
        through = Comment.mentions.through.objects.filter(comment__in=rows)
        mentions: dict[int, list[int]] = {}
        for comment, user in through.order_by("user_id").values_list("comment_id", "user_id"):
            mentions.setdefault(comment, []).append(user)
        for row in rows.iterator():
            self.scope.saw_row(row.at, row.resolved_at, row.reopened_at)
            values = {
                "text": row.text,
                "by": row.by_id,
                "at": row.at,
                "thread": row.parent_id,
                "address": row.address,
                "attachment": str(row.attachment or ""),
                "must_answer": row.must_answer,
                "mentions": mentions.get(row.pk, []),
                "resolved_at": row.resolved_at,
                "resolved_by": row.resolved_by_id,
                "reopened_at": row.reopened_at,
                "question": self.scope.stored_question(row.question_id),
            }
            yield row.pk, Row(values, question=row.question_id, place=row.address, subject=str(row.pk))
