"""Each column of each table is proved, or stands here with the reason why it is not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from dgready.canonical import sha256_hex
from evidence.models import File
from nation.releases.actions import make_release, show_release
from nation.releases.queries import NewRelease
from nation.replies import actions as replies
from nation.replies.queries import EvidenceChoice
from nation.replies.rules import FileDates
from reports.proof.files import FileCheck
from reports.proof.verify import verify_all
from scoring.models import OfficialResult, SchemeVersion
from scoring.results.actions.official import COLUMNS, import_official_results
from scoring.scheme.registry import get_scheme_for_instrument
from survey.instrument.actions import official_texts_checksum
from survey.instrument.queries import compiled_instrument
from survey.models import DataFile, DataFileKind, Instrument, OfficialText
from tests.assigned import Assigned
from tests.scoring.published import published

pytestmark = [pytest.mark.slow, pytest.mark.any_database, pytest.mark.django_db]

APPS: Final = ("survey", "evidence", "scoring", "nation", "reports", "accounts")
PEOPLE: Final = "people and places are not part of an answer; what was approved is frozen with their names"
SENT: Final = "what is sent and shown, not what was answered"
OWN_WORK: Final = "the installation's own work"
TRIED: Final = "a person's own trying"
KEPT: Final = "what an office keeps at hand; what is attached of it is proved"
NO_EVENT: Final = "no event tells of it"
NOT_PROVED: Final = {
    "accounts.accountevent": "the log itself: anchors compare its digest",
    "accounts.accountletter": SENT,
    "accounts.accountlink": "the chain of the log: tests/accounts and tests/reports/proof prove it link by link",
    "accounts.agency": PEOPLE,
    "accounts.apitoken": "the log tells who made and revoked it",
    "accounts.apiuse": OWN_WORK,
    "accounts.attempt": OWN_WORK,
    "accounts.eventorigin": "where an event came from, for a while; its digest is in the log and its chain",
    "accounts.eventcount": "how often a refusal came again; the first is in the log and its chain",
    "accounts.formpress": OWN_WORK,
    "accounts.invitation": PEOPLE,
    "accounts.membership.created_at": "the row's own moment; its event has one",
    "accounts.province": PEOPLE,
    "accounts.signin": OWN_WORK,
    "accounts.user": PEOPLE,
    "nation.agencyfigures": "counted again from the answers",
    "nation.bulkact": "what was asked for many provinces; each province's own journal or the log tells what was done",
    "nation.bulkstep": "what became of that; each province's own journal or the log tells what was done",
    "nation.codedreason": "the centre's list for counting, no part of an answer; each act of coding is kept",
    "nation.codingact": "the centre's list for counting, no part of an answer; each act of coding is kept",
    "nation.pickedexample": "the centre's choice for the report; what the province wrote is proved as its answer",
    "nation.provincefigures": "counted again from the answers",
    "nation.reasoncode": "the centre's list for counting, no part of an answer",
    "evidence.document": KEPT,
    "evidence.documentversion": KEPT,
    "evidence.libraryevent": KEPT,
    "evidence.filerendition": "made again from the stored file",
    "evidence.filetext": "read again from the stored file",
    "evidence.file.active_content": "found again whenever the file is read",
    "evidence.file.created_at": "the row's own moment; the attachment's event has one",
    "evidence.file.kind": "found again whenever the file is read",
    "evidence.file.media_type": "found again whenever the file is read",
    "evidence.file.pages": "found again whenever the file is read",
    "evidence.file.restricted": "found again whenever the file is read",
    "evidence.file.scan_attempts": OWN_WORK,
    "evidence.file.scan_detail": OWN_WORK,
    "evidence.file.scan_due_at": OWN_WORK,
    "evidence.file.scan_state": OWN_WORK,
    "evidence.file.scanned_at": OWN_WORK,
    "evidence.file.uploaded_by": "who attached it is proved with the attachment",
    "evidence.resumableupload": "on its way; once it is attached its attachment is proved",
    "reports.download": OWN_WORK,
    "reports.filefault": OWN_WORK,
    "reports.heartbeat": OWN_WORK,
    "reports.job": OWN_WORK,
    "reports.jobrequest": OWN_WORK,
    "reports.lettertemplate": "each wording is a row of its own, and the log has it before and after",
    "reports.returnedworkbook": TRIED,
    "reports.systemrun": OWN_WORK,
    "scoring.actionplan": TRIED,
    "scoring.plannedaction": TRIED,
    "scoring.scenario": TRIED,
    **dict.fromkeys(
        (
            f"scoring.schemeversion.{name}"
            for name in ("fitted_to", "fitted_count", "moves", "unfitted", "made_by", "made_at")
        ),
        "how it was made; the scheme itself is proved by its checksum",
    ),
    **dict.fromkeys(
        (f"scoring.schemeversion.{name}" for name in ("key", "year", "version")), "stand in the text, which is proved"
    ),
    "scoring.workeffort": TRIED,
    "survey.attendance.member": "position and name of the day are proved",
    "survey.attendance.represented": "says nothing of who came in person",
    "survey.calendaraddress": "the log tells who made and revoked it",
    "survey.chore": OWN_WORK,
    "survey.response.retold": "only what pages that are kept are compared by",
    "survey.committeeorder.at": "the row's own moment; its event has one",
    **dict.fromkeys(
        (
            f"survey.datafile.{name}"
            for name in (
                *("kind", "key", "year", "version", "from_key", "from_year", "name"),
                *("loaded_by", "loaded_at", "published_by", "published_at"),
            )
        ),
        "where the text came from; the log tells it",
    ),
    "survey.delegation.at": "the row's own moment; its event has one",
    "survey.delegation.revoked_at": "whether it was ended is proved",
    "survey.instrument.links_checksum": "tells processes to read the links again; their file is proved",
    "survey.instrument.published_at": NO_EVENT,
    "survey.letter": SENT,
    "survey.mailchoice": TRIED,
    "survey.notice": SENT,
    "survey.officialtext.is_sure": "the stretches that are in doubt are proved",
    "survey.tabledpaper.source": "only keeps a second try from making a second paper",
    "survey.round.previous": NO_EVENT,
}


@pytest.mark.parametrize("app", APPS)
def test_each_column_is_proved_or_has_its_reason(year: Assigned, app: str) -> None:
    _attach_official_text(year.round.instrument)
    _store_scheme(year)
    _store_file(year)
    _release(year)
    _object(year)
    assert verify_all(files=FileCheck.NONE).codes == []
    silent = []
    for model, field in proved_columns(app):
        row = model._base_manager.order_by("pk").last()
        assert row is not None, f"the prepared year has no {model._meta.label}"
        found = _codes_after(model, row, field)
        if found is not None and not found:
            silent.append(f"{model._meta.label_lower}.{field.name}")
    assert not silent, "\n".join(silent)


def _attach_official_text(instrument: Instrument) -> None:
    text = OfficialText.objects.create(instrument=instrument, item_id="T1", text="มีหลักสูตรหรือไม่")
    instrument.official_checksum = official_texts_checksum([text])
    instrument.save(update_fields=["official_checksum"])


def _store_file(year: Assigned) -> None:
    instrument = year.round.instrument
    ends = {"kind": DataFileKind.INSTRUMENT, "key": instrument.key, "year": instrument.year, "version": 9}
    DataFile.objects.create(**ends, text="a: 1", checksum=sha256_hex("a: 1"), loaded_at=timezone.now())


def _store_scheme(year: Assigned) -> None:
    loaded = get_scheme_for_instrument(compiled_instrument(year.round.instrument))
    told = {"key": loaded.scheme.key, "year": loaded.scheme.year, "version": 9, "checksum": loaded.checksum}
    made = {"fitted_to": year.round.province, "moves": [], "made_at": timezone.now()}
    SchemeVersion.objects.create(text=loaded.text, **told, **made)


def _release(year: Assigned) -> None:
    """A release that the public sees; the database itself refuses to change either row."""
    new = NewRelease({}, "{}", sha256_hex("{}"))
    release = make_release(by=year.flow.secretariat, year=year.round.year, new=new, notes="x")
    show_release(by=year.flow.secretariat, release=release)


def _object(year: Assigned) -> None:
    """A decided objection with a file; the secretariat speaks for the centre as well."""
    province, by, today = year.round.province, year.flow.secretariat, timezone.localdate()
    row = f"2569,{province.code},sub_pillar,1.1,40.00,,,official,ประกาศ"
    import_official_results(table=published("\n".join([",".join(COLUMNS), row])), name="objected.csv")
    official = OfficialResult.objects.get(province=province, kind="sub_pillar")
    replies.set_window(by=by, year=official.year, opens_on=today, closes_on=today)
    file = File.objects.order_by("pk")[0]
    evidence = [EvidenceChoice("x", "attachment", file.pk, "x.pdf", "", FileDates(attached=today), None)]
    asked = {"ground": "x", "wanted": official.score + 5, "evidence": evidence}
    row = replies.save_objection(by=by, province=province, year=official.year, code=official.code, **asked)
    replies.file_objection(by=by, objection=row)
    replies.decide_objection(by=by, objection=row, outcome="refused", score=None, reason="x", seen=0)


def test_the_reasons_are_about_columns_that_exist() -> None:
    names = {model._meta.label_lower for app in APPS for model in apps.get_app_config(app).get_models()}
    columns = {f"{model._meta.label_lower}.{field.name}" for model, field in all_columns()}
    assert set(NOT_PROVED) <= names | columns


def all_columns() -> Iterator[tuple[type[models.Model], Any]]:
    """Every stored field of the apps' models but the keys."""
    for app in APPS:
        for model in apps.get_app_config(app).get_models():
            for field in model._meta.concrete_fields:
                if not field.primary_key:
                    yield model, field


def proved_columns(app: str) -> Iterator[tuple[type[models.Model], Any]]:
    """Those of an app that no reason takes out."""
    for model, field in all_columns():
        label = model._meta.label_lower
        if model._meta.app_label == app and label not in NOT_PROVED and f"{label}.{field.name}" not in NOT_PROVED:
            yield model, field


def _codes_after(model: type[models.Model], row: models.Model, field: Any) -> list[str] | None:
    """The faults after an edit of one column; None where the database itself refuses the edit."""
    try:
        with transaction.atomic():
            edited = _edited(field, getattr(row, field.attname))
            model._base_manager.filter(pk=row.pk).update(**{field.attname: edited})
            files = FileCheck.FAST if field.name in ("stored", "size") else FileCheck.NONE
            found = verify_all(files=files).codes
            transaction.set_rollback(True)
    except IntegrityError:
        return None
    return found


def _other_row(model: type[models.Model], key: Any) -> Any:
    """The key of another row; of what has a code, as events tell it, of another code."""
    others = model._base_manager.exclude(pk=key).order_by("pk")
    if any(field.name == "code" for field in model._meta.get_fields()):
        same = model._base_manager.filter(pk=key).values("code")
        others = others.exclude(code__in=same)
    return others.values_list("pk", flat=True).first()


def _edited(field: Any, value: Any) -> Any:
    """Another value that the column takes."""
    if isinstance(field, models.ForeignKey):
        return _other_row(field.related_model, value)
    if field.choices:
        return next(key for key, _label in field.flatchoices if key != value)
    match value:
        case bool():
            return not value
        case datetime() | date():
            return value + timedelta(days=1)
        case int() | Decimal():
            return value + 1
        case dict():
            return {**value, "x": 1}
        case list():
            return [*value, "x"]
        case UUID():
            return UUID(int=value.int ^ 1)
        case str():
            return f"x{value}"[: field.max_length]
    return {
        models.DateTimeField: datetime(2027, 3, 1, tzinfo=UTC),
        models.DateField: date(2027, 3, 1),
        models.BooleanField: True,
    }.get(type(field), 1)
