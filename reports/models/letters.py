"""The texts of letters, as a province words them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from accounts.respondents import RespondentKind


class LetterKind(models.TextChoices):
    """The letters whose text a province words for itself."""

    INVITE = "invite", _("หนังสือถึงหน่วยงานพร้อมแบบตอบกลับ")
    REMIND = "remind", _("หนังสือเตือนหน่วยงานที่มีเรื่องค้าง")
    COVER = "cover", _("หนังสือนำส่งถึง สพร.")
    MEMO = "memo", _("บันทึกข้อความถึงผู้ว่าราชการจังหวัด")

    def label_for(self, respondent: str) -> str:
        """The label where the letter is of a respondent of that kind: a department has no governor."""
        if self is LetterKind.MEMO and respondent == RespondentKind.DEPARTMENT:
            return translate("บันทึกข้อความถึงหัวหน้าส่วนราชการ")
        return str(self.label)

    @property
    def is_of_agencies(self) -> bool:
        """Whether each agency gets one of its own."""
        return self in (LetterKind.INVITE, LetterKind.REMIND)


class LetterTemplate(models.Model):
    """One revision of the text of a letter as a province words it; the newest counts, none is changed or deleted.

    `shipped`: from then on the shipped text counts again, and the other fields say nothing.
    """

    province = models.ForeignKey("accounts.Province", models.PROTECT, related_name="+")
    letter = models.CharField(max_length=10, choices=LetterKind.choices)
    revision = models.PositiveIntegerField()
    shipped = models.BooleanField(default=False)
    office = models.CharField(max_length=400, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    addressee = models.CharField(max_length=200, blank=True)
    reference = models.CharField(max_length=300, blank=True)
    body = models.TextField(max_length=6000, blank=True, help_text="a paragraph on each line")
    signatory = models.CharField(max_length=400, blank=True)
    contact = models.CharField(max_length=400, blank=True)
    thai_digits = models.BooleanField(default=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["province", "letter", "-revision"]
        constraints = [
            models.UniqueConstraint(fields=["province", "letter", "revision"], name="letter_revision_once"),
        ]

    def __str__(self) -> str:
        return f"{self.province_id} {self.letter} {self.revision}"
