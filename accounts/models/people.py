"""People, what they may do, and invitations to become one of them."""

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models.places import Agency, Province
from accounts.roles import (
    AGENCY_ROLES,
    AGENCY_SCOPED_CAPABILITIES,
    CENTRAL_ROLES,
    PROVINCE_ROLES,
    ROLE_CAPABILITIES,
    SIGNED_IN_CAPABILITIES,
    Capability,
    Role,
)
from dgready.thai import thai_sort_key
from dgready.typed.characters import clean_line
from dgready.typed.emails import read_email
from dgready.typed.result import Understood

_NO_DATE = date(1, 1, 1)
LANGUAGES = [("th", "ไทย"), ("en", "English")]


def clean_email(email: str) -> str:
    """The one spelling under which an e-mail address is stored and looked up."""
    result = read_email(email)
    return (result.value if isinstance(result, Understood) else clean_line(email)).lower()


@dataclass(frozen=True, slots=True)
class Grant:
    """A membership that counts today, as plain values."""

    role: Role
    province_id: int | None
    agency_id: int | None
    capabilities: frozenset[Capability]
    province_code: str = ""

    def covers(self, cap: Capability, province_id: int | None, agency_id: int | None) -> bool:
        """Whether it gives `cap` there; None asks for "anywhere" (province) or "all of it" (agency)."""
        if cap not in self.capabilities:
            return False
        if self.province_id is None or (province_id is None and agency_id is None):
            return True
        if province_id is not None and province_id != self.province_id:
            return False
        if self.agency_id is None:
            # An agency without its province named says nothing about the province of this grant.
            return province_id is not None
        return self.agency_id == agency_id if agency_id is not None else cap not in AGENCY_SCOPED_CAPABILITIES


class UserManager(BaseUserManager["User"]):
    """Finds and makes people by e-mail address."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """The person with that address, whatever its letter case; raises DoesNotExist."""
        return self.get(email=clean_email(username or ""))

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A new person; no password means nobody can sign in until one is set."""
        user = self.model(email=clean_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person. What they may do is in their memberships only."""

    email = models.EmailField(_("อีเมล"), unique=True)
    first_name = models.CharField(_("ชื่อ"), max_length=100, blank=True)
    last_name = models.CharField(_("นามสกุล"), max_length=100, blank=True)
    is_active = models.BooleanField(_("ใช้งานได้"), default=True)
    language = models.CharField(_("ภาษา"), max_length=5, choices=LANGUAGES, default="th")
    sort_key = models.TextField(editable=False, default="")
    # Part of the session hash: raising it ends every open session of the person.
    session_epoch = models.PositiveIntegerField(default=0, editable=False)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ["sort_key", "email"]
        verbose_name = _("ผู้ใช้")
        constraints = [models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_lowercase")]

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        """First and last name, else the address."""
        return f"{self.first_name} {self.last_name}".strip() or self.email

    def get_short_name(self) -> str:
        """First name, else the address."""
        return self.first_name or self.email

    def clean(self) -> None:
        """Bring the address to its one spelling before validation."""
        super().clean()
        self.email = clean_email(self.email)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store with the address in one spelling and the sort key of the name."""
        self.email = clean_email(self.email)
        self.sort_key = thai_sort_key(self.get_full_name())
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "sort_key"}
        super().save(*args, **kwargs)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        salt = "accounts.User.session"
        value = f"{self.password}|{self.session_epoch}"
        return salted_hmac(salt, value, secret=secret, algorithm="sha256").hexdigest()

    @cached_property
    def grants(self) -> tuple[Grant, ...]:
        """Memberships that count today; one query, then remembered on this object."""
        columns = ("role", "province_id", "agency_id", "province__code")
        rows = Membership.objects.current().filter(user=self).values_list(*columns)
        return tuple(
            Grant(Role(role), province, agency, ROLE_CAPABILITIES[Role(role)], code or "")
            for role, province, agency, code in rows
        )

    def forget_grants(self) -> None:
        """Make the next question ask the database again."""
        self.__dict__.pop("grants", None)

    def has(self, cap: Capability, *, province_id: int | None = None, agency_id: int | None = None) -> bool:
        """Whether the person holds `cap`: anywhere, in a province, or for an agency of a province."""
        if not self.is_active:
            return False
        return cap in SIGNED_IN_CAPABILITIES or any(g.covers(cap, province_id, agency_id) for g in self.grants)


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships by whether they count."""

    def current(self, on: date | None = None) -> "MembershipQuerySet":
        """Those that count on a day (today in Bangkok): active, within their dates, agency not closed."""
        day = on or timezone.localdate()
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=day),
            Q(valid_to=None) | Q(valid_to__gte=day),
            Q(agency=None) | Q(agency__active=True),
            active=True,
        )


class _RoleAssignment(models.Model):
    """A role in its place; the database refuses a role in the wrong kind of place."""

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
    # For delegates; both days count.
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
        """The agency, else the province, else None for the whole country."""
        return self.agency or self.province


class Membership(_RoleAssignment):
    """A role a person has in a place."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    # Whether the person who looks may take it away; set by the page of a person.
    revocable: bool

    objects = MembershipQuerySet.as_manager()

    class Meta(_RoleAssignment.Meta):
        constraints = [
            *_RoleAssignment.Meta.constraints,
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


class Invitation(_RoleAssignment):
    """A single-use link that gives a role to whoever owns the address. Only the hash of its token is kept."""

    email = models.EmailField(_("อีเมล"))
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta(_RoleAssignment.Meta):
        ordering = ["-pk"]
        constraints = [
            *_RoleAssignment.Meta.constraints,
            models.CheckConstraint(condition=Q(email=Lower("email")), name="invitation_email_lowercase"),
        ]

    def __str__(self) -> str:
        return f"{self.email} {self.get_role_display()}"

    @property
    def is_open(self) -> bool:
        """Whether the link still works."""
        return self.used_at is None and self.withdrawn_at is None and self.expires_at > timezone.now()
