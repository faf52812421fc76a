"""The register of the PCIO committee: the orders that appoint it, and its members."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from dgready.models import NameField


class CommitteeOrder(models.Model):
    """An order that appoints a province's committee; in force until its last day, or until the next one begins."""

    province = models.ForeignKey("accounts.Province", models.PROTECT, related_name="committee_orders")
    number = NameField(_("คำสั่งเลขที่"), max_length=100)
    signed_on = models.DateField(_("ลงวันที่"))
    starts_on = models.DateField(_("ใช้ตั้งแต่วันที่"))
    ends_on = models.DateField(_("ถึงวันที่"), null=True, blank=True)
    powers = models.TextField(_("อำนาจหน้าที่"), max_length=8000, blank=True)
    quorum = models.PositiveSmallIntegerField(_("องค์ประชุม"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["province", "-starts_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["province", "number"], name="committee_order_number"),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="committee_order_days",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class CommitteeMember(models.Model):
    """A member of the committee under an order: office, post and seat, from and to a day. Never deleted."""

    class Seat(models.TextChoices):
        """Seat in the committee, the chair first."""

        CHAIR = "chair", _("ประธานกรรมการ")
        VICE_CHAIR = "vice_chair", _("รองประธานกรรมการ")
        MEMBER = "member", _("กรรมการ")
        SECRETARY = "secretary", _("กรรมการและเลขานุการ")
        CO_SECRETARY = "co_secretary", _("กรรมการและเลขานุการร่วม")
        ASSISTANT_SECRETARY = "assistant_secretary", _("กรรมการและผู้ช่วยเลขานุการ")

    order = models.ForeignKey(CommitteeOrder, models.PROTECT, related_name="members")
    place = models.PositiveSmallIntegerField(_("ลำดับ"), default=0)
    seat = models.CharField(_("ตำแหน่งในคณะกรรมการ"), max_length=20, choices=Seat.choices, default=Seat.MEMBER)
    post = NameField(_("ตำแหน่ง"), max_length=200)
    office = NameField(_("หน่วยงาน"), max_length=200, blank=True)
    name = NameField(_("ชื่อ"), max_length=200, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="committee_seats"
    )
    starts_on = models.DateField(_("ตั้งแต่วันที่"))
    ends_on = models.DateField(_("ถึงวันที่"), null=True, blank=True)

    class Meta:
        ordering = ["order", "place", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="committee_member_days",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.post}".strip()
