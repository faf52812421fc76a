"""Models of the library: the documents of an office, their versions, and who did what with them."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from accounts.models import Agency, Province
from dgready.append_only import AppendOnlyModel
from evidence.files.names import MAX_NAME_LENGTH


class Document(models.Model):
    """A document in the library of an office: of an agency, or without one of the province's secretariat.

    `file` is its present content. Attachments have contents of their own: what was approved keeps its version.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    province = models.ForeignKey(Province, models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")
    file = models.ForeignKey("evidence.File", models.PROTECT, related_name="documents")
    name = models.CharField(max_length=MAX_NAME_LENGTH)
    document_date = models.DateField(
        null=True, blank=True, help_text="typed by a person; without one the date that its text bears holds"
    )
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    marks_due = models.BooleanField(
        default=False, help_text="its marks are to be looked for in the present content once that is read"
    )
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-added_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["province", "file"], condition=Q(agency__isnull=True), name="document_once_of_province"
            ),
            models.UniqueConstraint(
                fields=["agency", "file"], condition=Q(agency__isnull=False), name="document_once_of_agency"
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, removed_by__isnull=True)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="document_removed_by_someone",
            ),
        ]
        indexes = [
            models.Index(fields=["province", "agency", "-added_at"], name="document_library"),
            models.Index(fields=["file"], name="document_marks_due", condition=Q(marks_due=True)),
        ]

    def __str__(self) -> str:
        return self.name


class DocumentVersion(models.Model):
    """A content that a document has or had. A document that only ever had one has no versions."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    file = models.ForeignKey("evidence.File", models.PROTECT, related_name="document_versions")
    name = models.CharField(max_length=MAX_NAME_LENGTH, help_text="as it was sent")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["document", "number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="document_version_number"),
            models.UniqueConstraint(fields=["document", "file"], name="document_version_content"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.number}"


class LibraryVerb(models.TextChoices):
    """What is done with a document of the library."""

    ADD = "add", pgettext_lazy("library", "เพิ่มเข้าคลัง")
    RENAME = "rename", pgettext_lazy("library", "เปลี่ยนชื่อ")
    DATE = "date", pgettext_lazy("library", "ระบุวันที่ของเอกสาร")
    VERSION = "version", pgettext_lazy("library", "ใส่ฉบับใหม่")
    RETURN = "return", pgettext_lazy("library", "กลับไปใช้ฉบับก่อน")
    PLACE = "place", pgettext_lazy("library", "ใช้เป็นหลักฐาน")
    REMOVE = "remove", pgettext_lazy("library", "นำออกจากคลัง")
    RESTORE = "restore", pgettext_lazy("library", "นำกลับเข้าคลัง")


class LibraryEvent(AppendOnlyModel):
    """Who did what with a document of the library, when, and from what to what.

    What becomes of its attachments is told by the journals of their responses.
    """

    document = models.ForeignKey(Document, models.PROTECT, related_name="events")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    verb = models.CharField(max_length=12, choices=LibraryVerb.choices)
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    after = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.document_id} {self.verb}"
