"""Respondents (provinces and departments) and the agencies in them."""

import re
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.respondents import (
    RespondentKind,
    chief_post,
    chief_title,
    kind_word,
    respondent_title,
    respondent_words,
)
from dgready.language import reader_language
from dgready.models import NameField
from dgready.thai import thai_sort_key


class Region(models.TextChoices):
    """The six official regions (National Research Council scheme)."""

    NORTH = "north", _("ภาคเหนือ")
    NORTHEAST = "northeast", _("ภาคตะวันออกเฉียงเหนือ")
    CENTRAL = "central", _("ภาคกลาง")
    EAST = "east", _("ภาคตะวันออก")
    WEST = "west", _("ภาคตะวันตก")
    SOUTH = "south", _("ภาคใต้")


class AgencyKind(models.TextChoices):
    """Kind of an agency; only the first three count as "the province"."""

    PROVINCIAL_OFFICE = "provincial_office", _("สำนักงานจังหวัด")
    REGIONAL_AGENCY = "regional_agency", _("ราชการส่วนภูมิภาค")
    CENTRAL_BRANCH = "central_branch", _("ราชการส่วนกลางที่ตั้งในจังหวัด")
    STATE_ENTERPRISE = "state_enterprise", _("รัฐวิสาหกิจ")
    LOCAL_GOVERNMENT = "local_government", _("องค์กรปกครองส่วนท้องถิ่น")
    CHAMBER = "chamber", _("ภาคเอกชน")
    OTHER = "other", _("อื่น ๆ")


class _Named(models.Model):
    """Abstract model with a Thai and an English name, sorted in Thai dictionary order."""

    name_th = NameField(_("ชื่อภาษาไทย"), max_length=200)
    name_en = NameField(_("ชื่อภาษาอังกฤษ"), max_length=200, blank=True)
    # SQLite has no Thai collation; the key sorts the same on every database.
    sort_key = models.TextField(editable=False, default="")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store with the sort key of the Thai name."""
        self.sort_key = thai_sort_key(self.name_th)
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "sort_key"}
        super().save(*args, **kwargs)

    @property
    def name(self) -> str:
        """The name in the language of the page, Thai where there is no English."""
        return self.name_en if reader_language() == "en" and self.name_en else self.name_th


CODE_PATTERNS: Final = {
    RespondentKind.PROVINCE: re.compile(r"TH-[0-9]{2}\Z"),
    RespondentKind.DEPARTMENT: re.compile(r"D-[A-Z0-9]{2,8}\Z"),
}


class ProvinceQuerySet(models.QuerySet["Province"]):
    """Queryset of respondents. What counts, ranks or lists "the provinces" asks for `provinces()`."""

    def provinces(self) -> "ProvinceQuerySet":
        """The 76 provinces, without departments."""
        return self.filter(kind=RespondentKind.PROVINCE)

    def departments(self) -> "ProvinceQuerySet":
        """The departments, without provinces."""
        return self.filter(kind=RespondentKind.DEPARTMENT)


class Province(_Named):
    """A respondent: one of the 76 provinces, or a department that answers a form of its own.

    Both have people, agencies (of a department its divisions), rounds, a committee and an approver. What is said of
    "the provinces" is read through `Province.objects.provinces()`; a department is never counted among them.
    """

    kind = models.CharField(
        _("ชนิดผู้ตอบ"),
        max_length=10,
        choices=RespondentKind.choices,
        default=RespondentKind.PROVINCE,
        db_default=RespondentKind.PROVINCE,
        editable=False,
    )
    code = models.CharField(
        _("รหัส"),
        max_length=12,
        unique=True,
        validators=[RegexValidator(r"^[A-Z0-9-]+\Z", _("รหัสใช้ตัวอักษรอังกฤษตัวใหญ่ ตัวเลข และขีด"))],
    )
    region = models.CharField(_("ภาค"), max_length=20, choices=Region.choices, blank=True)
    ministry = NameField(_("กระทรวง"), max_length=200, blank=True, default="", db_default="")

    objects = ProvinceQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key"]
        verbose_name = _("จังหวัด")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind=RespondentKind.PROVINCE, region__in=Region.values)
                | models.Q(kind=RespondentKind.DEPARTMENT, region=""),
                name="province_region_of_kind",
            ),
        ]

    def get_absolute_url(self) -> str:
        """The page of the province's users."""
        return reverse("accounts:people", args=[self.code])

    def clean(self) -> None:
        """The code is of the pattern of its kind; a province has a region."""
        kind = RespondentKind(self.kind)
        if not CODE_PATTERNS[kind].match(self.code):
            patterns = {
                RespondentKind.PROVINCE: _("รหัสต้องเป็นรูปแบบ ISO 3166-2 เช่น TH-43"),
                RespondentKind.DEPARTMENT: _("รหัสต้องขึ้นต้นด้วย D- ตามด้วยตัวอักษรอังกฤษตัวใหญ่หรือตัวเลข 2–8 ตัว เช่น D-CGD"),
            }
            raise ValidationError({"code": patterns[kind]})
        if kind is RespondentKind.PROVINCE and not self.region:
            raise ValidationError({"region": _("เลือกภาค")})

    @property
    def is_department(self) -> bool:
        """Whether it is a department, not a province."""
        return self.kind == RespondentKind.DEPARTMENT

    @property
    def title(self) -> str:
        """The name with the word of its kind where Thai has one: "จังหวัดหนองคาย", "กรมบัญชีกลาง"."""
        return respondent_title(self.kind, self.name)

    @property
    def kind_word(self) -> str:
        """What the respondent is called in a sentence: province or department."""
        return kind_word(self.kind)

    @property
    def chief_title(self) -> str:
        """Whoever approves its answer: governor, or head of the department."""
        return chief_title(self.kind)

    @property
    def chief_post(self) -> str:
        """The post of whoever approves, in Thai as orders and letters write it."""
        return chief_post(self.kind, self.name_th)

    @property
    def words(self) -> dict[str, str]:
        """What texts that speak of it are filled in with: `own`, `chief`, `committee`."""
        return respondent_words(self.kind)


class Agency(_Named):
    """An organisation in a province that may be asked to contribute."""

    province = models.ForeignKey(Province, on_delete=models.PROTECT, related_name="agencies")
    code = models.SlugField(_("รหัสหน่วยงาน"), max_length=40, help_text=_("ตัวอักษรอังกฤษ ตัวเลข หรือขีด เช่น PO, SO"))
    kind = models.CharField(_("ประเภท"), max_length=20, choices=AgencyKind.choices, default=AgencyKind.REGIONAL_AGENCY)
    active = models.BooleanField(_("ใช้งานอยู่"), default=True)
    parent = models.ForeignKey(
        Province,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="branches",
        limit_choices_to={"kind": RespondentKind.DEPARTMENT},
        verbose_name=_("กรมต้นสังกัด"),
    )
    head = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="headed_agencies",
        verbose_name=_("หัวหน้าหน่วยงาน"),
        help_text=_("ผู้ได้รับแจ้งเมื่อหน่วยงานเลยกำหนดส่ง ไม่ได้รับสิทธิเพิ่มจากการเป็นหัวหน้าหน่วยงาน"),
    )

    class Meta:
        ordering = ["sort_key"]
        verbose_name = _("หน่วยงาน")
        constraints = [
            models.UniqueConstraint(fields=["province", "code"], name="agency_code_once_per_province"),
            models.CheckConstraint(condition=models.Q(kind__in=AgencyKind.values), name="agency_kind_known"),
        ]
