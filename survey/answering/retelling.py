"""What is shown of responses and changes without an event of theirs: whoever kept it reads it anew."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F, Q

from accounts.models import User
from survey.models import Answer, Comment, Consolidation, Response


@transaction.atomic
def retell(changed: Q) -> None:
    """Advances what names the state of these responses, once what they show has changed."""
    # In one order, as all who lock several responses do.
    rows = Response.objects.filter(changed).order_by("pk").select_for_update(of=("self",))
    Response.objects.filter(pk__in=list(rows.values_list("pk", flat=True))).update(retold=F("retold") + 1)


def retell_names(user: User, **_of_signal: Any) -> None:
    """Retells the responses of which an answer, a remark that stands or a decision names this person."""
    named = (
        Answer.objects.filter(saved_by=user),
        Comment.objects.filter(by=user, parent=None, resolved_at=None),
        Consolidation.objects.filter(by=user),
    )
    changed = Q()
    for rows in named:
        changed |= Q(pk__in=rows.order_by().values("response"))
    retell(changed)
