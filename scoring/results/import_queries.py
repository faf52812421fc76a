"""Reads of imports: the newest of a reader, one by its number, and whose figures a person may write."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet

from accounts.models import AccountEvent, User
from accounts.roles import Capability
from scoring.models import SchemeVersion
from scoring.results.actions.official import ProvincePermission
from scoring.results.actions.undoing import UNDO_VERBS, can_undo
from scoring.scheme import registry

LATEST_IMPORTS = 10
_YEAR_IN_NAME: Final = re.compile(r"-(\d{4})(?:-scheme)?(?:\.v\d+)?\.yaml$")


@dataclass(frozen=True, slots=True)
class LatestImport:
    """An import or its undoing; `may_undo`: whether it can be undone from the list."""

    event: AccountEvent
    may_undo: bool


def is_central(user: User) -> bool:
    """Whether a person may write figures of all provinces."""
    return list_own_provinces(user) is None


def list_own_provinces(user: User) -> set[int] | None:
    """The provinces whose figures a person may write; None: all."""
    granted = [g.province_id for g in user.grants if Capability.OFFICIAL_RESULT_EDIT in g.capabilities]
    return None if None in granted else {pk for pk in granted if pk is not None}


def may_write_figures(user: User) -> ProvincePermission:
    """Whether a person may write the figures of a province; those of all (average, best) only where all are theirs."""
    own = list_own_provinces(user)
    return lambda province: own is None or province in own


def list_latest_imports(user: User) -> list[LatestImport]:
    """The newest imports: all for the centre, else those of the reader's provinces. Two queries."""
    events = list(_visible_imports(user).select_related("by", "province")[:LATEST_IMPORTS])
    undone = set(
        AccountEvent.objects.filter(
            verb__in=UNDO_VERBS.values(), data__after__of__in=[event.pk for event in events]
        ).values_list("data__after__of", flat=True)
    )
    return [LatestImport(event, can_undo(event) and event.pk not in undone) for event in events]


def find_import(user: User, number: int) -> AccountEvent | None:
    """An import that a person may see, by its number. One query."""
    return _visible_imports(user).filter(pk=number, verb__in=UNDO_VERBS).select_related("province").first()


def _visible_imports(user: User) -> QuerySet[AccountEvent]:
    rows = AccountEvent.objects.filter(verb__in=[*UNDO_VERBS, *UNDO_VERBS.values()])
    own = list_own_provinces(user)
    return rows if own is None else rows.filter(province__in=own)


def list_template_years() -> list[int]:
    """The years that have a scheme, newest first. One query."""
    names = [_YEAR_IN_NAME.search(path.name) for path in registry.list_scheme_files()]
    stored = SchemeVersion.objects.order_by().values_list("year", flat=True).distinct()
    return sorted({int(found.group(1)) for found in names if found} | set(stored), reverse=True)
