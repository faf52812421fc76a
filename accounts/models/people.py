"""Users and their manager."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models.grants import Grant
from accounts.models.memberships import Membership
from accounts.roles import ROLE_CAPABILITIES, SIGNED_IN_CAPABILITIES, Capability, Role
from dgready.models import NameField
from dgready.thai import thai_sort_key
from dgready.typed.characters import clean_line
from dgready.typed.emails import read_email
from dgready.typed.result import Understood

LANGUAGES = [("th", "ไทย"), ("en", "English")]


def clean_email(email: str) -> str:
    """Normalise an e-mail address as it is stored and looked up: one spelling, lower case."""
    result = read_email(email)
    return (result.value if isinstance(result, Understood) else clean_line(email)).lower()


class UserManager(BaseUserManager["User"]):
    """Manager that finds and creates users by e-mail address."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """The user with that address, whatever its letter case; raises DoesNotExist."""
        return self.get(email=clean_email(username or ""))

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a user; no password means nobody can sign in until one is set."""
        user = self.model(email=clean_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A user. Their permissions come from their memberships only."""

    email = models.EmailField(_("อีเมล"), unique=True)
    first_name = NameField(_("ชื่อ"), max_length=100, blank=True)
    last_name = NameField(_("นามสกุล"), max_length=100, blank=True)
    is_active = models.BooleanField(_("ใช้งานได้"), default=True)
    language = models.CharField(_("ภาษา"), max_length=5, choices=LANGUAGES, default="th")
    sort_key = models.TextField(editable=False, default="")
    # Part of the session hash: raising it ends every open session of the user.
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
        """Normalise the address before validation."""
        super().clean()
        self.email = clean_email(self.email)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with the normalised address and the sort key of the name."""
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
        """Grants of the memberships valid today; one query, then cached on this object."""
        columns = ("role", "province_id", "agency_id", "province__code", "valid_from", "valid_to")
        rows = Membership.objects.current().filter(user=self).values_list(*columns)
        return tuple(
            Grant(
                Role(role),
                province,
                agency,
                ROLE_CAPABILITIES[Role(role)],
                code or "",
                first is not None or last is not None,
            )
            for role, province, agency, code, first, last in rows
        )

    def forget_grants(self) -> None:
        """Drop the cached grants, so that the next permission check reads the database."""
        self.__dict__.pop("grants", None)

    @property
    def reads_reports(self) -> bool:
        """Whether the user may have files made somewhere; for the header, which names the page of them."""
        return self.has(Capability.REPORT_READ)

    def has(self, cap: Capability, *, province_id: int | None = None, agency_id: int | None = None) -> bool:
        """Whether the user holds `cap`: anywhere, in a province, or for an agency of a province."""
        if not self.is_active:
            return False
        return cap in SIGNED_IN_CAPABILITIES or any(g.covers(cap, province_id, agency_id) for g in self.grants)
