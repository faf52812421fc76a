"""Undoing an import: what it added goes, what it changed is as it was. Refused once any of it was changed again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.actions.log import NotAllowed, RefusedError
from accounts.actions.log import record_account_event as log
from accounts.models import AccountEvent, User
from scoring.results.actions.benchmarks import BENCHMARKS
from scoring.results.actions.official import OFFICIAL_RESULTS, ProvincePermission
from scoring.results.actions.tables import BATCH_ROWS, FigureKind

UNDO_VERBS = {"import_results": "undo_import_results", "import_benchmarks": "undo_import_benchmarks"}
KINDS: Mapping[str, FigureKind[Any]] = {"import_results": OFFICIAL_RESULTS, "import_benchmarks": BENCHMARKS}


def can_undo(event: AccountEvent) -> bool:
    """Whether the event tells enough to undo it: older ones do not tell what they changed."""
    after = event.data.get("after") or {}
    told = (event.data.get("before") or {}).get("rows", [])
    return tells_enough(event.verb, len(after.get("rows") or ()), after.get("changed", 0), len(told))


def tells_enough(verb: str, rows: int, changed: int, told_before: int) -> bool:
    """The same by counts: of figures it tells, of those changed, and of those it tells as they were."""
    return verb in UNDO_VERBS and rows > 0 and changed == told_before


def undo_import(
    *,
    by: User | None,
    event: AccountEvent,
    may_write: ProvincePermission = lambda province: True,
    kept_years: Collection[int] = (),
) -> int:
    """Undoes an import; returns the number of figures. Raises RefusedError, NotAllowed; then nothing is changed.

    Refused where a later edition rests on its figures, and for first editions of `kept_years`: those are contested.
    """
    if not can_undo(event):
        raise RefusedError(_("การนำเข้าครั้งนี้เลิกทำไม่ได้"))
    kind, after = KINDS[event.verb], event.data["after"]
    told = {row["id"]: row for row in after["rows"]}
    before = {row["id"]: row for row in (event.data.get("before") or {}).get("rows", ())}
    if not all(may_write(row.get("province_id")) for row in told.values()):
        raise NotAllowed
    with transaction.atomic():
        stored = kind.model._default_manager.select_for_update(of=("self",)).in_bulk(list(told))
        changed = [pk for pk, row in told.items() if pk not in stored or kind.facts(stored[pk]) != row]
        if changed:
            text = _("เลิกทำไม่ได้ เพราะมีการแก้ %(n)s ตัวเลขหลังจากนั้น เลิกทำครั้งหลังก่อน")
            raise RefusedError(text % {"n": len(changed)})
        if kind.is_replaced([stored[pk] for pk in told], kept_years):
            raise RefusedError(_("เลิกทำไม่ได้ เพราะผลนี้เปิดให้โต้แย้งหรือมีฉบับใหม่กว่าแล้ว นำตารางที่แก้แล้วเข้าเป็นฉบับใหม่แทน"))
        removed = [pk for pk in told if pk not in before]
        restored = [_restore(kind.model, stored[pk], row, kind.fields) for pk, row in before.items()]
        kind.model._default_manager.filter(pk__in=removed).delete()
        kind.model._default_manager.bulk_update(restored, kind.fields, batch_size=BATCH_ROWS)
        counts = {"removed": removed, "added": 0, "changed": len(restored), "rows": list(before.values())}
        told_file = {"of": event.pk, "file": after.get("file", ""), "sha256": after.get("sha256", "")}
        told_before = {"rows": list(told.values())}
        province = event.province
        log(by=by, verb=UNDO_VERBS[event.verb], province=province, before=told_before, after={**told_file, **counts})
    return len(told)


def _restore(
    model: type[models.Model], row: models.Model, told: Mapping[str, Any], fields: tuple[str, ...]
) -> models.Model:
    for name in fields:
        convert: Callable[[Any], Any] = model._meta.get_field(name).to_python  # type: ignore[union-attr]
        setattr(row, name, convert(told[name]))
    return row
