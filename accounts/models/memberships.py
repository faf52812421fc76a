"""Roles of users in places: the shared abstract model, and memberships."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.places import Agency, Province
from accounts.respondents import RespondentKind, role_label
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
    def role_label(self) -> str:
        """The role as it is called in its kind of place."""
        return role_label(Role(self.role), self.province.kind if self.province else RespondentKind.PROVINCE)

    @property
    def place(self) -> Agency | Province | None:
        """The agency, else the province; None for the whole country."""
        return self.agency or self.province


def _valid_on(day: date, prefix: str = "") -> Q:
    """Filter for memberships (or those under `prefix`) that are active and within their dates."""
    first, last = f"{prefix}valid_from", f"{prefix}valid_to"
    return (
        Q(**{f"{prefix}active": True})
        & (Q(**{first: None}) | Q(**{f"{first}__lte": day}))
        & (Q(**{last: None}) | Q(**{f"{last}__gte": day}))
    )


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Queryset of memberships."""

    def current(self, day: date | None = None) -> "MembershipQuerySet":
        """Memberships valid on a day (default: today in Bangkok): active, within their dates, agency active.

        A stand-in's counts only while the membership it stands in for does.
        """
        day = day or timezone.localdate()
        held = _valid_on(day, "stands_in_for__") & Q(stands_in_for__user__is_active=True)
        return self.filter(
            _valid_on(day),
            Q(agency=None) | Q(agency__active=True),
            Q(stands_in_for=None) | held,
        )


class Membership(RoleAssignment):
    """A role a user has in a place."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    stands_in_for = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="stand_ins",
        help_text="of a stand-in: the membership of the person on leave",
    )

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
        return f"{self.role_label} {self.place or ''}".strip()
