"""Replaying delegations and the committee's register from the account log."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from datetime import date
from typing import Any

from accounts.actions.log import field_values
from accounts.models import AccountEvent
from survey.committee.actions.delegations import delegation_facts
from survey.committee.actions.register import MEMBER_FIELDS, ORDER_FIELDS
from survey.models import CommitteeMember, CommitteeOrder, Delegation
from survey.verifying.log_replayer import LogReplayer
from survey.verifying.replayer import Row


class FactReplayer(LogReplayer):
    """Rows that each event tells whole, in `after`."""

    def take_log(self, event: AccountEvent) -> None:
        """The newest event of a row tells it; older ones without `id` tell nothing."""
        after = event.data.get("after") or {}
        if (key := after.get("id")) is not None:
            values = {name: value for name, value in after.items() if name not in ("id", "order")}
            province = event.province.code if event.province else ""
            self.rows[key] = Row(values, event.pk, subject=f"{province} {key}")

    def _stored(self, key: int, province: str, values: dict[str, Any]) -> tuple[Hashable, Row]:
        plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
        return key, Row(plain, subject=f"{province} {key}", pk=key)


class DelegationReplayer(FactReplayer):
    """Delegations of the governor's approval."""

    kind = "delegation"
    log_verbs = frozenset({"delegate", "delegate_end"})

    def stored(self) -> Iterator[tuple[Hashable, Row]]:
        """The stored delegations."""
        for row in Delegation.objects.select_related("province").order_by("pk"):
            yield self._stored(row.pk, row.province.code, delegation_facts(row))


class OrderReplayer(FactReplayer):
    """Orders that appoint a committee."""

    kind = "order"
    log_verbs = frozenset({"committee_order", "committee_order_change"})

    def stored(self) -> Iterator[tuple[Hashable, Row]]:
        """The stored orders."""
        for row in CommitteeOrder.objects.select_related("province").order_by("pk"):
            yield self._stored(row.pk, row.province.code, field_values(row, ORDER_FIELDS))


class MemberReplayer(FactReplayer):
    """Members of committees."""

    kind = "member"
    log_verbs = frozenset({"committee_member", "committee_member_change"})

    def stored(self) -> Iterator[tuple[Hashable, Row]]:
        """The stored members."""
        for row in CommitteeMember.objects.select_related("order__province").order_by("pk").iterator():
            yield self._stored(row.pk, row.order.province.code, field_values(row, MEMBER_FIELDS))


REGISTER_KINDS = (DelegationReplayer, OrderReplayer, MemberReplayer)
