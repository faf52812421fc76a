"""Words of the kinds of respondents: the one place that says "province" or "department", "governor" or "head"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.db.models import Q, TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RespondentKind(TextChoices):
    """Who answers a form: a province as one respondent, or a department."""

    PROVINCE = "province", _("จังหวัด")
    DEPARTMENT = "department", pgettext_lazy("respondent", "ส่วนราชการ")


DEPARTMENT_PREFIX: Final = "D-"
_WORDS: Final[Mapping[str, str | Promise]] = {
    RespondentKind.PROVINCE: _("จังหวัด"),
    RespondentKind.DEPARTMENT: pgettext_lazy("respondent", "หน่วยงาน"),
}
# The same inside a sentence: "คำตอบของจังหวัด", "คำตอบของส่วนราชการ" (whose divisions are called หน่วยงาน).
_OWN: Final[Mapping[str, str | Promise]] = {
    RespondentKind.PROVINCE: pgettext_lazy("respondent in a sentence", "จังหวัด"),
    RespondentKind.DEPARTMENT: pgettext_lazy("respondent in a sentence", "ส่วนราชการ"),
}
_COMMITTEES: Final[Mapping[str, str]] = {RespondentKind.PROVINCE: "PCIO", RespondentKind.DEPARTMENT: "DCIO"}
_COMMITTEE_TITLES: Final[Mapping[str, str | Promise]] = {
    RespondentKind.PROVINCE: _("คณะกรรมการผู้บริหารเทคโนโลยีสารสนเทศระดับสูง ระดับจังหวัด (PCIO)"),
    RespondentKind.DEPARTMENT: _("คณะกรรมการผู้บริหารเทคโนโลยีสารสนเทศระดับสูง ระดับกรม (DCIO)"),
}
_CHIEFS: Final[Mapping[str, str | Promise]] = {
    RespondentKind.PROVINCE: pgettext_lazy("respondent", "ผู้ว่าราชการจังหวัด"),
    RespondentKind.DEPARTMENT: pgettext_lazy("respondent", "หัวหน้าส่วนราชการ"),
}
# By value of the role, since models use these words: roles whose names speak of a province, and what they are called
# in a department; the others are called the same.
DEPARTMENT_ROLES: Final[Mapping[str, str | Promise]] = {
    "province_admin": _("ผู้ดูแลระบบหน่วยงาน"),
    "coordinator": _("ผู้ประสานงานสำนักหรือกอง"),
    "committee": _("กรรมการ DCIO"),
    "governor": _("หัวหน้าส่วนราชการหรือผู้รับมอบอำนาจ"),
}


def of_provinces(province: str = "province") -> Q:
    """A filter for rows of provinces, not of departments; `province`: the lookup of the row's respondent."""
    return Q(**{f"{province}__kind": RespondentKind.PROVINCE})


def kind_of_code(code: str) -> RespondentKind:
    """The kind of the respondent with that code: for what holds a code and no row, as a frozen version does."""
    return RespondentKind.DEPARTMENT if code.startswith(DEPARTMENT_PREFIX) else RespondentKind.PROVINCE


def respondent_title(kind: str, name: str) -> str:
    """The name of a respondent as a heading has it: Thai says "จังหวัด" before a province's."""
    return name if kind == RespondentKind.DEPARTMENT else translate("จังหวัด%(name)s") % {"name": name}


def kind_word(kind: str) -> str:
    """The respondent in a sentence: "จังหวัด" or "หน่วยงาน"."""
    return str(_WORDS[kind])


def chief_title(kind: str) -> str:
    """Who approves the answer of such a respondent."""
    return str(_CHIEFS[kind])


def chief_post(kind: str, name: str) -> str:
    """The post of who approves, in Thai whatever is read; the head of a department has a title of the department's."""
    return f"หัวหน้าส่วนราชการ{name}" if kind == RespondentKind.DEPARTMENT else f"ผู้ว่าราชการจังหวัด{name}"


def own_word(kind: str) -> str:
    """The respondent inside a sentence, without an article: "province" or "department"."""
    return str(_OWN[kind])


def committee_title(kind: str) -> str:
    """The committee that endorses the answer, in full, as papers call it."""
    return str(_COMMITTEE_TITLES[kind])


def respondent_words(kind: str) -> dict[str, str]:
    """What a text of a respondent of that kind is filled in with: %(own)s, %(chief)s, %(committee)s."""
    return {"own": own_word(kind), "chief": chief_title(kind), "committee": _COMMITTEES[kind]}


def role_label(role: TextChoices, kind: str = RespondentKind.PROVINCE) -> str:
    """The name of a role (accounts.roles.Role) as people of such a respondent say it."""
    label = DEPARTMENT_ROLES.get(role.value) if kind == RespondentKind.DEPARTMENT else None
    return str(label or role.label)
