"""Shared by all account actions: appending to the account log, and the two refusals."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models

from accounts.actions.log_chain import link_after_commit
from accounts.actions.origins import ORIGIN_KEY, Origin, store_origin
from accounts.models import AccountEvent, Invitation, Membership, Province, User
from dgready.typed.characters import clean_lines


class NotAllowed(PermissionDenied):
    """The acting user lacks the capability for the change."""


class RefusedError(Exception):
    """The change is not possible in the present state; the message says why, for users."""


class FourEyesRefused(RefusedError):
    """One person would both write a province's answer and approve it."""


def record_account_event(
    *,
    by: User | None,
    verb: str,
    subject: User | None = None,
    province: Province | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    address: str | None = None,
    origin: Origin | None = None,
) -> AccountEvent:
    """Append an event to the account log; call inside the transaction of the change.

    `address`: where it came from, kept as long as the event; `origin`: the same, kept for LOG_ADDRESS_DAYS.
    """
    told = {**(after or {}), "address": address} if address else after
    told = {**(told or {}), ORIGIN_KEY: origin.digest} if origin else told
    data = _without_control({"before": before, "after": told})
    event = AccountEvent.objects.create(
        by=by, verb=verb, subject=subject, province=province, data=data, address=address
    )
    if origin:
        store_origin(event, origin)
    link_after_commit(event.pk)
    return event


def _without_control(value: Any) -> Any:
    """Plain values whose texts have no control character: no database stores all of them."""
    if isinstance(value, dict):
        return {key: _without_control(inner) for key, inner in value.items()}
    if isinstance(value, str) and not value.replace("\n", "").isprintable():
        return clean_lines(value)
    return value


def field_values(instance: models.Model, fields: Iterable[str]) -> dict[str, Any]:
    """The named fields of an instance as they are logged."""
    return {field: getattr(instance, field) for field in fields}


def role_assignment_values(assignment: Membership | Invitation) -> dict[str, Any]:
    """A role, its place and its dates as they are logged."""
    return {
        "role": assignment.role,
        "province": assignment.province.code if assignment.province else None,
        "agency": assignment.agency.code if assignment.agency else None,
        "valid_from": assignment.valid_from,
        "valid_to": assignment.valid_to,
    }


def membership_values(membership: Membership) -> dict[str, Any]:
    """A membership as it is logged: whole, so that its row can be proved."""
    keys = {"id": membership.pk, "agency_id": membership.agency_id, "stands_in_for_id": membership.stands_in_for_id}
    return {**keys, **role_assignment_values(membership)}
