"""The preparation of a simulated year: province, form, agencies, an empty round. Nothing real is ever changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from io import StringIO
from typing import Any, Final

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import create_agency
from accounts.made_up import made_up_users
from accounts.models import Agency, Province, User
from accounts.models.places import AgencyKind
from accounts.respondents import RespondentKind
from demo.deletion import delete_with_dependents
from dgready.versioned_files import list_versions
from survey.assigning.queries import PROVINCE_AGENCY_KINDS
from survey.models import Answer, Carried, Event, Instrument, Meeting, Response, Round
from survey.rounds import actions as rounds

SAMPLE_SUFFIX: Final = " (ตัวอย่าง)"
DAYS_SINCE_OPENING: Final = 28  # before today; the agencies' last day and the meeting are today
DAYS_UNTIL_CLOSING: Final = 4  # until the round closes


class CannotSimulate(Exception):
    """The year cannot be simulated: something is missing, or the round holds real work; the text says which."""


def require_province(code: str) -> Province:
    """The province; the reviewed list is loaded where it has never been. Raises CannotSimulate."""
    province = Province.objects.filter(code=code).first()
    if province is None and not Province.objects.provinces().exists():
        for command in ("load_provinces", "load_results"):
            call_command(command, stdout=StringIO())
        province = Province.objects.filter(code=code).first()
    if province is None:
        raise CannotSimulate(_("ไม่มีจังหวัดรหัส %(code)s") % {"code": code})
    return province


def require_instrument(year: int) -> Instrument:
    """The newest published form of a year, loaded from fixtures/ where there is none. Raises CannotSimulate."""
    published = Instrument.objects.filter(year=year, published_at__isnull=False, respondents=RespondentKind.PROVINCE)
    if not published.exists():
        for path in list_versions(settings.BASE_DIR / "fixtures" / "instruments", f"*-{year}"):
            call_command("instrument", "load", str(path), "--publish", stdout=StringIO())
    instrument = published.order_by("-version").first()
    if instrument is None:
        raise CannotSimulate(_("ยังไม่มีแบบสำรวจปี %(year)s ที่เผยแพร่แล้ว") % {"year": year})
    return instrument


# -- agencies -------------------------------------------------------------------------------------


def ensure_agencies(province: Province, number: int, data: Mapping[str, Any], first: Sequence[str]) -> list[Agency]:
    """That many agencies that count as the province: those it has, the codes in `first` leading, then made-up ones."""
    existing = list(Agency.objects.filter(province=province, active=True, kind__in=PROVINCE_AGENCY_KINDS))
    existing.sort(key=lambda a: first.index(a.code) if a.code in first else len(first))
    agencies = existing[:number]
    for row in _made_up_agencies(province, data):
        if len(agencies) >= number:
            break
        agencies.append(create_agency(by=None, province=province, **row))
    return sorted(agencies, key=lambda a: first.index(a.code) if a.code in first else len(first))


def _made_up_agencies(province: Province, data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Offices like those of the sample province, then numbered ones; none whose code the province has already."""
    home = Province.objects.filter(code=data["province"]).first()
    used = set(Agency.objects.filter(province=province).values_list("code", flat=True))
    for row in data["agencies"]:
        if home is not None and row["kind"] in PROVINCE_AGENCY_KINDS and row["code"] not in used:
            yield {
                "code": row["code"],
                "kind": row["kind"],
                "name_th": row["name_th"].replace(home.name_th, province.name_th) + SAMPLE_SUFFIX,
                "name_en": row["name_en"].replace(home.name_en, province.name_en) + " (sample)",
            }
    number = 0
    while True:
        number += 1
        code = f"SAMPLE-{number:02}"
        if code not in used:
            yield {
                "code": code,
                "kind": AgencyKind.REGIONAL_AGENCY,
                "name_th": f"หน่วยงานที่ {number} จังหวัด{province.name_th}{SAMPLE_SUFFIX}",
                "name_en": f"Office {number}, {province.name_en} (sample)",
            }


# -- the round ------------------------------------------------------------------------------------


def prepare_round(province: Province, year: int, *, fresh: bool) -> Round | None:
    """The province's empty round of the year, or None where one is to be opened.

    `fresh` erases a round in which only made-up people ever did anything. Raises CannotSimulate.
    """
    round_ = Round.objects.select_related("province", "instrument").filter(province=province, year=year).first()
    if round_ is None:
        return None
    name = {"code": province.code, "year": year}
    if fresh:
        if not is_made_up(round_):
            raise CannotSimulate(_("รอบ %(code)s ปี %(year)s มีผู้ปฏิบัติงานจริงทำไว้แล้ว จึงลบทิ้งไม่ได้") % name)
        delete_with_dependents(Round.objects.filter(pk=round_.pk))
        return None
    if _has_started(round_):
        raise CannotSimulate(_("รอบ %(code)s ปี %(year)s ดำเนินการไปแล้ว ใช้ --fresh เพื่อเล่นรอบตัวอย่างใหม่") % name)
    if round_.is_closed(timezone.now()):
        raise CannotSimulate(_("รอบ %(code)s ปี %(year)s ปิดแล้ว") % name)
    return round_


def is_made_up(round_: Round) -> bool:
    """Whether nobody but made-up people did anything in a round, and no other round took anything from it."""
    events = Event.objects.filter(response__round=round_).exclude(by=None).exclude(by__in=made_up_users())
    carried = Carried.objects.filter(from_response__round=round_).exclude(response__round=round_)
    return not events.exists() and not carried.exists()


def _has_started(round_: Round) -> bool:
    return (
        Answer.objects.filter(response__round=round_).exists()
        or Meeting.objects.filter(round=round_).exists()
        or Response.objects.filter(round=round_).exclude(state=Response.State.DRAFT).exists()
    )


def open_round(province: Province, instrument: Instrument, by: User) -> Round:
    """A round opened four weeks ago: today the agencies' time is up and the committee meets."""
    today = timezone.localdate()
    last = datetime.combine(today + timedelta(days=DAYS_UNTIL_CLOSING), time(23, 59, 59))
    dates = {
        "period_from": instrument.period_from,
        "period_to": instrument.period_to,
        "opens_on": today - timedelta(days=DAYS_SINCE_OPENING),
        "agency_due": today,
        "committee_on": today,
        "closes_at": timezone.make_aware(last),
    }
    created = rounds.open_round(by=by, province=province, instrument=instrument, dates=dates)
    return Round.objects.select_related("province", "instrument").get(pk=created.pk)
