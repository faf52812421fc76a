"""Queued e-mail: the columns every outbox has, and the letters about accounts themselves."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.invitations import Invitation


class GivenUp(models.TextChoices):
    """Why a letter is not tried any more, in words for administrators."""

    REFUSED = "refused", _("ระบบอีเมลปลายทางไม่รับ")
    SERVER = "server", _("ติดต่อเซิร์ฟเวอร์อีเมลไม่ได้นานเกินไป")
    FAULT = "fault", _("ส่งไม่สำเร็จหลายครั้ง")
    UNCONFIRMED = "unconfirmed", _("ส่งออกไปแล้วแต่ไม่มีคำตอบ จึงไม่ทราบว่าถึงหรือไม่")
    CLOSED = "closed", _("บัญชีของผู้รับปิดใช้งาน")
    MADE_UP = "made_up", _("เป็นที่อยู่อีเมลสมมติ")
    VOID = "void", _("ไม่ต้องส่งแล้ว")


class QueuedMail(models.Model):
    """A queued e-mail, sent at most once: claimed, tried, tried again later (accounts.post.delivery).

    `posted_at` is written just before the text is handed over: from then on it is never handed over again by itself.
    `faults`: tries that failed for this letter, unlike those that failed because the server was away.
    """

    key = models.CharField(max_length=200, unique=True)
    made_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    faults = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)
    message_id = models.CharField(max_length=200)
    claimed_at = models.DateTimeField(null=True, blank=True)
    posted_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    resent_at = models.DateTimeField(null=True, blank=True, help_text="an administrator had it sent again")
    fault = models.CharField(max_length=500, blank=True)
    given_up = models.CharField(max_length=20, choices=GivenUp.choices, blank=True, default="")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.key

    @property
    def address(self) -> str:
        """The e-mail address it goes to."""
        raise NotImplementedError

    @property
    def asked_at(self) -> datetime:
        """When it was written, or had to be sent again."""
        return self.resent_at or self.made_at


class AccountLetter(QueuedMail):
    """A letter about an account. Its text is written when it is sent, so that no link to an account is stored."""

    class Kind(models.TextChoices):
        """What it is about."""

        INVITATION = "invitation", _("คำเชิญเข้าใช้ระบบ")
        PASSWORD_RESET = "password_reset", _("ตั้งรหัสผ่านใหม่")
        ACCOUNT_CLOSED = "account_closed", _("ปิดบัญชี")
        SECOND_FACTOR_CHANGED = "second_factor_changed", _("เปลี่ยนการยืนยันขั้นที่สอง")
        SECOND_FACTOR_RESET = "second_factor_reset", _("ล้างการยืนยันขั้นที่สอง")

    kind = models.CharField(max_length=30, choices=Kind.choices)
    email = models.EmailField(_("อีเมล"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+")
    invitation = models.ForeignKey(Invitation, models.CASCADE, null=True, blank=True, related_name="letters")

    class Meta(QueuedMail.Meta):
        abstract = False
        ordering = ["pk"]
        indexes = [models.Index(fields=["sent_at", "next_try_at"], name="account_letter_waiting")]

    @property
    def address(self) -> str:
        """The e-mail address it goes to."""
        return self.email
