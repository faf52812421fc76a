"""The main menu: a person's places in a round, the same on every page, and which of them a page belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.access import agency_ids_with_capability
from accounts.models import User
from accounts.roles import Capability


@dataclass(frozen=True, slots=True)
class MenuRound:
    """The round a menu is about. `provincial`, `contribution`: keys of responses, as far as the page knows them.

    `by_agencies`: each agency answers for itself, so that there is no provincial answer.
    """

    province_id: int
    code: str
    year: int
    provincial: int | None = None
    contribution: int | None = None
    by_agencies: bool = False


@dataclass(frozen=True, slots=True)
class MenuItem:
    """An entry of the menu as it is shown. `current`: the value of aria-current, empty elsewhere."""

    key: str
    label: str | Promise
    url: str
    current: str = ""


@dataclass(frozen=True, slots=True)
class _Place:
    """A place of a round: its page, and the capability it needs.

    `of`: "round" for a page at the round's address, "province" at the province's, "response" for one of the
    provincial response, "contribution" for one of the agency's own, "agency-province" for one of the agency's own at
    the province's address.
    """

    key: str
    label: str | Promise
    page: str
    capability: Capability
    of: str


PLACES: Final = (
    _Place("desk", _("งานของหน่วยงาน"), "survey:desk", Capability.CONTRIBUTION_EDIT, "agency"),
    _Place("board", _("กระดานติดตาม"), "survey:board", Capability.RESPONSE_READ, "round"),
    _Place("averages", _("หน่วยงานที่ตอบ"), "nation:agency-round", Capability.RESPONSE_READ, "round"),
    _Place("assign", _("การมอบหมาย"), "survey:assignments", Capability.ASSIGN, "round"),
    _Place("form", _("กรอกแบบ"), "survey:response", Capability.ANSWER_EDIT, "response"),
    _Place("own-form", _("กรอกแบบ"), "survey:response", Capability.CONTRIBUTION_EDIT, "contribution"),
    _Place("answers", _("คำตอบ"), "survey:answers", Capability.RESPONSE_READ, "response"),
    _Place("library", _("คลังเอกสาร"), "evidence:library", Capability.RESPONSE_READ, "province"),
    _Place("own-library", _("คลังเอกสาร"), "evidence:library", Capability.CONTRIBUTION_EDIT, "agency-province"),
    _Place("consolidate", _("รวมคำตอบ"), "survey:consolidate", Capability.ANSWER_EDIT, "response"),
    _Place("check", _("ตรวจความครบถ้วน"), "survey:check", Capability.RESPONSE_READ, "response"),
    _Place("own-check", _("ตรวจความครบถ้วน"), "survey:check", Capability.CONTRIBUTION_EDIT, "contribution"),
    _Place("score", _("คะแนนและแผน"), "scoring:score", Capability.RESPONSE_READ, "response"),
    _Place("brief", _("สรุป"), "survey:brief", Capability.RESPONSE_READ, "response"),
    _Place("papers", _("เอกสารและไฟล์"), "reports:list", Capability.REPORT_READ, "response"),
    _Place("committee", _("คณะกรรมการ"), "survey:meetings", Capability.RESPONSE_READ, "round"),
    _Place("journal", _("บันทึกเหตุการณ์"), "survey:province-journal", Capability.JOURNAL_READ, "province"),
)
PLACE_OF_KEY: Final[Mapping[str, _Place]] = {place.key: place for place in PLACES}
# Pages of the provincial answer, which lead to the averages where each agency answers; and the page of these.
_OF_PROVINCES: Final = frozenset({"consolidate", "check", "score", "brief"})
_OF_AGENCIES: Final = frozenset({"averages"})
# Of two places that say the same the first is shown: who fills the form needs no page to read it.
_INSTEAD_OF: Final = {"answers": "form", "own-form": "form", "own-library": "library", "own-check": "check"}


@dataclass(frozen=True, slots=True)
class _Administration:
    """A page outside the rounds. `place`: "province" below /p/<code>/, "central" for central roles only."""

    key: str
    label: str | Promise
    page: str
    capability: Capability
    place: str


ADMINISTRATION: Final = (
    _Administration("nation", _("ทุกจังหวัด"), "nation:newest", Capability.NATION_READ, "central"),
    _Administration("rounds", _("รอบสำรวจ"), "survey:rounds", Capability.ROUND_MANAGE, "province"),
    _Administration("people", _("ผู้ใช้"), "accounts:people", Capability.USERS_MANAGE, "province"),
    _Administration("agencies", _("หน่วยงาน"), "accounts:agencies", Capability.AGENCIES_MANAGE, "province"),
    _Administration("provinces", _("จังหวัด"), "accounts:provinces", Capability.PROVINCES_MANAGE, "central"),
    _Administration("all-people", _("ผู้ใช้ทั้งหมด"), "accounts:central-people", Capability.USERS_MANAGE, "central"),
    _Administration("files", _("แบบและเกณฑ์"), "survey:year-files", Capability.INSTRUMENTS_MANAGE, "central"),
    _Administration("system", _("สถานะระบบ"), "reports:system", Capability.SYSTEM_READ, "central"),
)


def menu_items(
    user: User, round_: MenuRound | None, *, here: str, path: str = "", province_code: str = ""
) -> list[MenuItem]:
    """The menu of a user. `here`: the place of the page (see page_places), `path`: its address, no query.

    `province_code`: of the province the page is about, for those who administer several.
    """
    rows: list[tuple[str, str | Promise, str]] = [("home", _("หน้าแรก"), reverse("survey:home"))]
    rows += list(_round_rows(user, round_)) if round_ else []
    rows += list(_administration_rows(user, province_code or (round_.code if round_ else "")))
    return [
        MenuItem(key, label, url, ("page" if url == path else "true") if key == here else "")
        for key, label, url in rows
    ]


def _round_rows(user: User, round_: MenuRound) -> Iterator[tuple[str, str | Promise, str]]:
    open_keys = open_places(user, round_.province_id, by_agencies=round_.by_agencies)
    for place in PLACES:
        if place.key in open_keys:
            yield place.key, place.label, _place_url(place, round_)


def open_places(user: User, province_id: int, *, by_agencies: bool = False) -> list[str]:
    """The keys of the places that a user has in the rounds of a province, in the order of the menu."""
    left_out = _OF_PROVINCES if by_agencies else _OF_AGENCIES
    own_agencies = agency_ids_with_capability(user, Capability.CONTRIBUTION_EDIT)
    own_agency = any(g.province_id == province_id and g.agency_id in own_agencies for g in user.grants)
    keys: list[str] = []
    for place in PLACES:
        allowed = (
            own_agency
            if place.of in ("agency", "contribution", "agency-province")
            else user.has(place.capability, province_id=province_id)
        )
        if allowed and place.key not in left_out and _INSTEAD_OF.get(place.key) not in keys:
            keys.append(place.key)
    return keys


def _place_url(place: _Place, round_: MenuRound) -> str:
    """The address of a place; of a response that the page does not know, by way of the round."""
    if place.of in ("province", "agency-province"):
        return reverse(place.page, args=[round_.code])
    if place.of in ("round", "agency"):
        return reverse(place.page, args=[round_.code, round_.year])
    known = round_.provincial if place.of == "response" else round_.contribution
    if known is not None:
        return reverse(place.page, args=[known])
    return reverse("survey:place", args=[round_.code, round_.year, place.key])


def _administration_rows(user: User, code: str) -> Iterator[tuple[str, str | Promise, str]]:
    for entry in ADMINISTRATION:
        if entry.place == "central":
            central = any(g.province_id is None and entry.capability in g.capabilities for g in user.grants)
            if central:
                yield entry.key, entry.label, reverse(entry.page)
        elif province := _administered_province(user, entry.capability, code):
            yield entry.key, entry.label, reverse(entry.page, args=[province])


def _administered_province(user: User, capability: Capability, code: str) -> str:
    """Code of the page's province if the user holds the capability there, else of the first where they do."""
    holding = [grant for grant in user.grants if capability in grant.capabilities]
    if code and any(grant.province_id is None or grant.province_code == code for grant in holding):
        return code
    return next((grant.province_code for grant in holding if grant.province_code), "")
