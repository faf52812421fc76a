"""Writes of reasons: coding texts, undoing that, the list itself. Each coding is a row that can be undone."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.log import RefusedError
from accounts.models import User
from dgready.typed.characters import clean_lines
from nation.models import CodedReason, CodingAct, ReasonCode

NO_CODE = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """What one text is to mean: the key that was shown when it was chosen, and the key now ("" for none)."""

    shown: str
    key: str


@dataclass(frozen=True, slots=True)
class CodingOutcome:
    """How many texts changed their code, and the folded texts that somebody else had changed meanwhile."""

    changed: int
    conflicts: tuple[str, ...]


def code_reasons(*, by: User, year: int, item: str, choices: Mapping[str, Choice]) -> CodingOutcome:
    """Puts texts (folded) of an item under codes. What another person changed meanwhile is left as it is and told.

    Raises RefusedError for a code that the list of the year does not have.
    """
    with transaction.atomic():
        codes = {code.key: code for code in ReasonCode.objects.filter(year=year, active=True).select_for_update()}
        if unknown := {one.key for one in choices.values()} - codes.keys() - {NO_CODE}:
            raise RefusedError(_("ไม่มีเหตุผลนี้ในบัญชีของปี: %(keys)s") % {"keys": ", ".join(sorted(unknown))})
        stored = dict(_stored(year, item, choices))
        changes, conflicts = [], []
        for folded, one in choices.items():
            before = stored.get(folded, NO_CODE)
            if before == one.key or one.shown == one.key:
                continue
            if before != one.shown:
                conflicts.append(folded)
                continue
            _set_code(by, year, item, folded, codes.get(one.key))
            changes.append([folded, before, one.key])
        if changes:
            CodingAct.objects.create(year=year, item=item, changes=changes, by=by)
    return CodingOutcome(len(changes), tuple(conflicts))


def _stored(year: int, item: str, texts: Mapping[str, object]) -> list[tuple[str, str]]:
    rows = CodedReason.objects.filter(year=year, item=item, folded__in=list(texts))
    return list(rows.values_list("folded", "code__key"))


def _set_code(by: User, year: int, item: str, folded: str, code: ReasonCode | None) -> None:
    if code is None:
        CodedReason.objects.filter(year=year, item=item, folded=folded).delete()
    else:
        more = {"code": code, "by": by}
        CodedReason.objects.update_or_create(year=year, item=item, folded=folded, defaults=more)


def undo_coding(*, by: User, act: CodingAct) -> CodingOutcome:
    """Puts the texts of an act back under the codes they had. What was changed since is left as it is and told.

    Raises RefusedError where it is undone already.
    """
    with transaction.atomic():
        act = CodingAct.objects.select_for_update().get(pk=act.pk)
        if act.undone_at is not None:
            raise RefusedError(_("เลิกทำไปแล้ว"))
        codes = {code.key: code for code in ReasonCode.objects.filter(year=act.year).select_for_update()}
        stored = dict(_stored(act.year, act.item, {folded: None for folded, _before, _after in act.changes}))
        conflicts = []
        for folded, before, after in act.changes:
            if stored.get(folded, NO_CODE) != after:
                conflicts.append(folded)
                continue
            _set_code(by, act.year, act.item, folded, codes.get(before))
        ReasonCode.objects.filter(year=act.year, key__in=[change[1] for change in act.changes]).update(active=True)
        act.undone_by, act.undone_at = by, timezone.now()
        act.save(update_fields=["undone_by", "undone_at"])
    return CodingOutcome(len(act.changes) - len(conflicts), tuple(conflicts))


def add_code(*, by: User, year: int, label_th: str, label_en: str = "", key: str = "") -> ReasonCode:
    """Adds a code to the end of the list; one of the same label that was taken off is put back.

    Raises RefusedError where the list has that label already.
    """
    label_th, label_en = clean_lines(label_th).strip(), clean_lines(label_en).strip()
    try:
        with transaction.atomic():
            rows = ReasonCode.objects.filter(year=year).select_for_update()
            same = next((code for code in rows if code.label_th == label_th or (key and code.key == key)), None)
            if same is not None and same.active:
                raise RefusedError(_("มีเหตุผลนี้ในบัญชีแล้ว"))
            if same is not None:
                same.active, same.label_th, same.label_en, same.by = True, label_th, label_en or same.label_en, by
                same.save()
                return same
            order = (ReasonCode.objects.filter(year=year).aggregate(last=Max("order"))["last"] or 0) + 1
            more = {"label_th": label_th, "label_en": label_en, "order": order, "by": by}
            return ReasonCode.objects.create(year=year, key=key or f"r{secrets.token_hex(4)}", **more)
    except IntegrityError as error:
        raise RefusedError(_("มีผู้เพิ่มเหตุผลพร้อมกัน ลองอีกครั้ง")) from error


def take_codes(*, by: User, year: int, source: int) -> list[ReasonCode]:
    """Adds the codes of an earlier year's list that this year's lacks, under their keys. Returns those added."""
    added = []
    with transaction.atomic():
        there = {code.key for code in ReasonCode.objects.filter(year=year, active=True)}
        labels = set(ReasonCode.objects.filter(year=year, active=True).values_list("label_th", flat=True))
        for code in ReasonCode.objects.filter(year=source, active=True):
            if code.key not in there and code.label_th not in labels:
                more = {"label_th": code.label_th, "label_en": code.label_en, "key": code.key}
                added.append(add_code(by=by, year=year, **more))
    return added


def drop_code(*, by: User, code: ReasonCode) -> None:
    """Takes a code off the list. Raises RefusedError while texts are under it."""
    with transaction.atomic():
        code = ReasonCode.objects.select_for_update().get(pk=code.pk)
        if code.texts.exists():
            raise RefusedError(_("ยังมีข้อความที่จัดไว้ใต้เหตุผลนี้ ย้ายไปเหตุผลอื่นก่อน"))
        code.active, code.by = False, by
        code.save(update_fields=["active", "by", "at"])


def restore_code(*, by: User, code: ReasonCode) -> None:
    """Puts a code back on the list."""
    code.active, code.by = True, by
    code.save(update_fields=["active", "by", "at"])
