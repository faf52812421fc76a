"""Whether attachments count as proof, asked of the database; the rule itself is evidence.attaching.proving."""

from __future__ import annotations

from typing import Final

from django.db.models import Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from evidence.attaching.proving import REJECTING, UNPROVEN, is_claimed
from evidence.models import Attachment, Mark, MarkState, ScanState

PROVING: Final = frozenset(MarkState) - UNPROVEN
CLEAN: Final = ~Q(file__scan_state=ScanState.INFECTED)  # files without a virus, and web addresses


def claims() -> Q:
    """Of attachments: those that count unless a reviewer rejects them."""
    proving = Mark.objects.filter(attachment=OuterRef("pk")).exclude(state__in=UNPROVEN)
    return CLEAN & Q(to_confirm=False) & (Q(Exists(proving)) | Q(url__isnull=False))


def counts() -> Q:
    """Of attachments: those that count."""
    return claims() & ~Q(verdict__in=REJECTING)


def counts_by_join() -> Q:
    """The same as `counts` by joining the marks: a row for each mark, so the rows are to be made distinct.

    For attachments of many responses: PostgreSQL may read the marks of all provinces to ask whether one exists.
    """
    proven = Q(marks__state__in=PROVING) | Q(url__isnull=False)
    return CLEAN & Q(to_confirm=False) & proven & ~Q(verdict__in=REJECTING)


def lacking() -> Coalesce:
    """Of attachments: what some mark lacks, as `evidence.attaching.proving.lacking_state` says it."""
    # The order of the alphabet is that of what is said: lost, missing, unread.
    unproven = Mark.objects.filter(attachment=OuterRef("pk"), state__in=UNPROVEN).order_by("state")
    return Coalesce(Subquery(unproven.values("state")[:1]), Value(""))


def checking() -> Exists:
    """Of attachments: whether some mark was not looked for in the text of its file yet."""
    return Exists(Mark.objects.filter(attachment=OuterRef("pk"), state=MarkState.UNCHECKED))


def counts_with_marks(attachment: Attachment) -> bool:
    """Whether an attachment counts; its file and its marks are read already."""
    infected = attachment.file is not None and attachment.file.scan_state == ScanState.INFECTED
    states = [mark.state for mark in attachment.marks.all()]
    claimed = is_claimed(states, url=attachment.url, infected=infected, to_confirm=attachment.to_confirm)
    return claimed and attachment.verdict not in REJECTING
