"""Replaying delegations and the committee's register from the account log."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from datetime import date
from typing import Any, ClassVar

from django.db.models import Model

from accounts.actions.log import field_values
from accounts.models import AccountEvent
from survey.committee.actions.delegations import delegation_facts
from survey.committee.actions.register import MEMBER_FIELDS, ORDER_FIELDS
from survey.models import CommitteeMember, CommitteeOrder, Delegation
from survey.verifying.log_replayer import LogReplayer
from survey.verifying.replayer import Row


class FactReplayer(LogReplayer):
    """Rows that each event tells whole, in `after`; `actors`: the field that says who did what a verb tells."""

    actors: ClassVar[Mapping[str, str]] = {}
    adding: ClassVar[frozenset[str]]

    def take_log(self, event: AccountEvent) -> None:
        """The newest event of a row tells it; older ones without `id` tell nothing."""
        after = event.data.get("after") or {}
        if (key := after.get("id")) is None:
            return
        earlier = self.rows[key].values if key in self.rows else {}
        new = event.verb in self.adding
        values = {name: earlier.get(name) for name in self.actors.values() if new or name in earlier}
        values |= {name: value for name, value in after.items() if name not in ("id", "order")}
        if event.verb in self.actors:
            values[self.actors[event.verb]] = event.by_id
        values["province"] = event.province.code if event.province else ""
        self.rows[key] = Row(values, event.pk, subject=f"{values['province']} {key}")
        if new:
            self.added.add(key)

    def _stored(self, row: Model, province: str, values: dict[str, Any]) -> tuple[Hashable, Row]:
        plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
        plain |= {name: getattr(row, f"{name}_id") for name in self.actors.values()}
        return row.pk, Row(plain | {"province": province}, subject=f"{province} {row.pk}", pk=row.pk)


class DelegationReplayer(FactReplayer):
    """Delegations of the governor's approval."""

    kind = "delegation"
    log_verbs = frozenset({"delegate", "delegate_end"})
    adding = frozenset({"delegate"})
    actors: ClassVar[Mapping[str, str]] = {"delegate": "by", "delegate_end": "revoked_by"}

    def stored(self) -> Iterator[tuple[Hashable, Row]]:
        """The stored delegations."""
        for row in Delegation.objects.select_related("province").order_by("pk"):
            yield self._stored(row, row.province.code, delegation_facts(row))


class OrderReplayer(FactReplayer):
    """Orders that appoint a committee."""

    kind = "order"
    log_verbs = frozenset({"committee_order", "committee_order_change"})
    adding = frozenset({"committee_order"})
    actors: ClassVar[Mapping[str, str]] = {"committee_order": "by"}

    def stored(self) -> Iterator[tuple[Hashable, Row]]:
        """The stored orders."""
        for row in CommitteeOrder.objects.select_related("province").order_by("pk"):
            yield self._stored(row, row.province.code, field_values(row, ORDER_FIELDS))


class MemberReplayer(FactReplayer):
    """Members of committees."""

    kind = "member"
    log_verbs = frozenset({"committee_member", "committee_member_change"})
    adding = frozenset({"committee_member"})

    def stored(self) -> Iterator[tuple[Hashable, Row]]:
        """The stored members."""
        for row in CommitteeMember.objects.select_related("order__province").order_by("pk").iterator():
            values = {"order_id": row.order_id, **field_values(row, MEMBER_FIELDS)}
            yield self._stored(row, row.order.province.code, values)


REGISTER_KINDS = (DelegationReplayer, OrderReplayer, MemberReplayer)
