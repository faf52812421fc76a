"""Roles of users in places: the shared abstract model, and memberships."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.places import Agency, Province
from accounts.roles import AGENCY_ROLES, CENTRAL_ROLES, PROVINCE_ROLES, Role

_NO_DATE = date(1, 1, 1)


class RoleAssignment(models.Model):
    """Abstract model of a role and its place; the database refuses a role in the wrong kind of place."""

    role = models.CharField(_("บทบาท"), max_length=20, choices=Role.choices)
    province = models.ForeignKey(
        Province,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="%(class)ss",
        verbose_name=_("จังหวัด"),
    )
    agency = models.ForeignKey(
        Agency,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="%(class)ss",
        verbose_name=_("หน่วยงาน"),
    )
    # For delegates; both days are included.
    valid_from = models.DateField(_("ตั้งแต่วันที่"), null=True, blank=True)
    valid_to = models.DateField(_("ถึงวันที่"), null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=sorted(CENTRAL_ROLES), province=None, agency=None)
                | Q(role__in=sorted(AGENCY_ROLES), province__isnull=False, agency__isnull=False)
                | Q(role__in=sorted(PROVINCE_ROLES), province__isnull=False, agency=None),
                name="%(class)s_role_in_its_place",
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_from__lte=F("valid_to")),
                name="%(class)s_dates_in_order",
            ),
        ]

    @property
    def place(self) -> Agency | Province | None:
        """The agency, else the province; None for the whole country."""
        return self.agency or self.province


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Queryset of memberships."""

    def current(self, day: date | None = None) -> "MembershipQuerySet":
        """Memberships valid on a day (default: today in Bangkok): active, within their dates, agency active."""
        day = day or timezone.localdate()
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=day),
            Q(valid_to=None) | Q(valid_to__gte=day),
            Q(agency=None) | Q(agency__active=True),
            active=True,
        )


class Membership(RoleAssignment):
    """A role a user has in a place."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    # Whether the signed-in user may revoke it; set by the view of a user.
    revocable: bool

    objects = MembershipQuerySet.as_manager()

    class Meta(RoleAssignment.Meta):
        constraints = [
            *RoleAssignment.Meta.constraints,
            # NULLs never collide in a unique index, hence the stand-ins.
            models.UniqueConstraint(
                F("user"),
                F("role"),
                Coalesce(F("province"), Value(0)),
                Coalesce(F("agency"), Value(0)),
                Coalesce(F("valid_from"), Value(_NO_DATE)),
                condition=Q(active=True),
                name="membership_active_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.place or ''}".strip()
