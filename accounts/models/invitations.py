"""Invitations to a role by e-mail."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.memberships import RoleAssignment
from dgready.models import NameField


class Invitation(RoleAssignment):
    """An invitation to a role: a single-use link sent to an e-mail address. Only the hash of its token is stored."""

    email = models.EmailField(_("อีเมล"))
    first_name = NameField(_("ชื่อ"), max_length=100, blank=True, default="")
    last_name = NameField(_("นามสกุล"), max_length=100, blank=True, default="")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    token_seed = models.CharField(max_length=40, default="", editable=False, help_text="with the secret: the token")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    # Its letter is queued and was not tried yet.
    to_be_sent = models.BooleanField(default=False)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta(RoleAssignment.Meta):
        ordering = ["-pk"]
        constraints = [
            *RoleAssignment.Meta.constraints,
            models.CheckConstraint(condition=Q(email=Lower("email")), name="invitation_email_lowercase"),
        ]

    def __str__(self) -> str:
        return f"{self.email} {self.role_label}"

    @property
    def full_name(self) -> str:
        """The name of the person invited, as far as the inviter gave it."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def is_open(self) -> bool:
        """Whether the link still works."""
        return self.used_at is None and self.withdrawn_at is None and self.expires_at > timezone.now()
