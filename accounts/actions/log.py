"""What all actions share: the line in the log, and the two ways to say no."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models

from accounts.models import AccountEvent, Invitation, Membership, Province, User


class NotAllowed(PermissionDenied):
    """The person does not hold what the change asks for."""


class RefusedError(Exception):
    """The change makes no sense as things stand; the text says why, for people."""


def record_account_event(
    *,
    by: User | None,
    verb: str,
    subject: User | None = None,
    province: Province | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> AccountEvent:
    """Append a line to the log; call inside the transaction of the change."""
    data = {"before": before, "after": after}
    return AccountEvent.objects.create(by=by, verb=verb, subject=subject, province=province, data=data)


def field_values(instance: models.Model, fields: Iterable[str]) -> dict[str, Any]:
    """The named fields as they go into the log."""
    return {field: getattr(instance, field) for field in fields}


def role_assignment_values(post: Membership | Invitation) -> dict[str, Any]:
    """A role in its place as it goes into the log."""
    return {
        "role": post.role,
        "province": post.province.code if post.province else None,
        "agency": post.agency.code if post.agency else None,
        "valid_from": post.valid_from,
        "valid_to": post.valid_to,
    }
