"""Writes of releases: making one, showing it to the public, withdrawing that. Each is told in the account log."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.actions.log import RefusedError, record_account_event
from accounts.models import User
from dgready.typed.characters import clean_lines
from nation.models import Release, ReleasePublication
from nation.releases.queries import NewRelease

RELEASED, SHOWN, WITHDRAWN = "release_national", "show_release", "withdraw_release"


def make_release(*, by: User | None, year: int, new: NewRelease, notes: str) -> Release:
    """Releases the national report as composed, as the next version. `by` None: from the command line.

    Raises RefusedError without notes, or where nothing changed since the last version.
    """
    notes = clean_lines(notes)
    if not notes:
        raise RefusedError(_("เขียนบันทึกของรุ่นนี้"))
    try:
        with transaction.atomic():
            last = Release.objects.filter(year=year).order_by("-number").defer("content").first()
            if last is not None and last.sha256 == new.sha256:
                raise RefusedError(_("ไม่มีอะไรเปลี่ยนจากรุ่น %(version)s") % {"version": last.version})
            number = 0 if last is None else last.number + 1
            release = Release.objects.create(
                year=year, number=number, notes=notes, content=new.text, sha256=new.sha256, by=by
            )
            record_account_event(by=by, verb=RELEASED, after=release_facts(release))
    except IntegrityError as error:
        raise RefusedError(_("มีผู้เผยแพร่พร้อมกัน ดูอีกครั้ง")) from error
    return release


def release_facts(release: Release) -> dict[str, object]:
    """A release as the log tells it."""
    facts = {"id": release.pk, "year": release.year, "version": release.version}
    return {**facts, "notes": release.notes, "sha256": release.sha256}


def show_release(*, by: User, release: Release) -> None:
    """Shows a release to everybody. Raises RefusedError where it is shown already."""
    _publish(by, release, shown=True)


def withdraw_release(*, by: User, release: Release) -> None:
    """Withdraws a release from the public; the centre and the provinces still see it. Raises RefusedError."""
    _publish(by, release, shown=False)


def _publish(by: User, release: Release, *, shown: bool) -> None:
    with transaction.atomic():
        Release.objects.select_for_update().defer("content").get(pk=release.pk)
        newest = release.publications.aggregate(last=Max("pk"))["last"]
        now = newest is not None and ReleasePublication.objects.get(pk=newest).shown
        if now == shown:
            raise RefusedError(_("เปิดให้ทุกคนอ่านอยู่แล้ว") if shown else _("ไม่ได้เปิดให้ทุกคนอ่าน"))
        ReleasePublication.objects.create(release=release, shown=shown, by=by)
        about = {"id": release.pk, "year": release.year, "version": release.version}
        record_account_event(by=by, verb=SHOWN if shown else WITHDRAWN, after=about)
