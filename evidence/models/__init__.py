"""Models of evidence: files stored once per content, their attachments to the form, and marked passages."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dgready.typed.pages import MAX_REFERENCE_LENGTH
from evidence.files.names import MAX_NAME_LENGTH
from evidence.files.notes import FileNote, file_notes
from evidence.models.library import Document, DocumentVersion, LibraryEvent, LibraryVerb
from evidence.models.resumable import ResumableUpload as ResumableUpload
from evidence.models.resumable import UploadState as UploadState
from survey.models import Question, Response

__all__ = [
    "MAX_QUOTE_LENGTH",
    "MAX_REASON_LENGTH",
    "MAX_URL_LENGTH",
    "Attachment",
    "Document",
    "DocumentVersion",
    "File",
    "FileKind",
    "FileRendition",
    "FileText",
    "LibraryEvent",
    "LibraryVerb",
    "Mark",
    "MarkState",
    "RenditionState",
    "ScanState",
    "TextState",
    "Verdict",
]

MAX_QUOTE_LENGTH = 2000
MAX_URL_LENGTH = 1000
MAX_REASON_LENGTH = 500


class FileKind(models.TextChoices):
    """The kinds of file that may be attached."""

    PDF = "pdf", "PDF"
    DOCX = "docx", _("Word (docx)")
    XLSX = "xlsx", _("Excel (xlsx)")
    PPTX = "pptx", _("PowerPoint (pptx)")
    ODT = "odt", _("เอกสาร OpenDocument (odt)")
    ODS = "ods", _("ตารางคำนวณ OpenDocument (ods)")
    ODP = "odp", _("งานนำเสนอ OpenDocument (odp)")
    JPEG = "jpeg", _("ภาพ JPEG")
    PNG = "png", _("ภาพ PNG")

    @property
    def is_image(self) -> bool:
        """Whether it is one picture: its only page is 1."""
        return self in (FileKind.JPEG, FileKind.PNG)


class ScanState(models.TextChoices):
    """Whether the virus scanner has seen a file."""

    NONE = "none", _("ไม่ได้ตรวจหาไวรัส")
    WAITING = "waiting", _("กำลังตรวจหาไวรัส")
    CLEAN = "clean", _("ตรวจแล้วไม่พบไวรัส")
    INFECTED = "infected", _("พบไวรัส")


class TextState(models.TextChoices):
    """How far the text of a file is read."""

    WAITING = "waiting", _("กำลังอ่านข้อความ")
    READ = "read", _("อ่านข้อความแล้ว")
    PICTURE = "picture", _("อ่านข้อความจากภาพ")
    UNREAD = "unread", _("ไม่มีตัวอ่านภาพ")
    FAILED = "failed", _("อ่านข้อความไม่ได้")


class MarkState(models.TextChoices):
    """What became of the passage of a mark when it was looked for in the file."""

    UNCHECKED = "", _("ยังไม่ได้ตรวจ")
    EXACT = "exact", _("พบในหน้าที่ระบุ")
    NORMALISED = "normalised", _("พบในหน้าที่ระบุ")
    ELSEWHERE = "elsewhere", _("พบในหน้าอื่น")
    SEEN = "seen", _("หน้านี้เป็นภาพ ชี้ตำแหน่งไว้แล้ว")
    MISSING = "missing", _("ไม่พบข้อความนี้ในไฟล์")
    UNREAD = "unread", _("หน้านี้เป็นภาพ ต้องวาดกรอบหรือเขียนหมายเหตุ")
    LOST = "lost", _("ไม่พบข้อความนี้ในฉบับใหม่ของไฟล์")


class Verdict(models.TextChoices):
    """What a reviewer says of an attachment."""

    NONE = "", _("ยังไม่ตรวจ")
    ACCEPTED = "accepted", _("ใช้ได้")
    INSUFFICIENT = "insufficient", _("ยังไม่พอ")
    WRONG_PASSAGE = "passage", _("ข้อความไม่ตรงกับคำตอบ")
    OUT_OF_DATE = "outdated", _("เก่าเกินไป")


class File(models.Model):
    """A stored file, once per content (SHA-256). Its content never changes and is never removed by a person."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField(help_text="bytes")
    kind = models.CharField(max_length=8, choices=FileKind.choices)
    media_type = models.CharField(max_length=100)
    stored = models.CharField(max_length=200, help_text="name in the store")
    pages = models.PositiveIntegerField(null=True, blank=True, help_text="or slides or sheets, where known")
    created_at = models.DateTimeField(auto_now_add=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", help_text="who sent it first"
    )
    active_content = models.JSONField(default=list, blank=True, help_text="codes of dgready.guard: macro, script …")
    restricted = models.BooleanField(default=False, help_text="its owner forbids copying or changing it")
    scan_state = models.CharField(max_length=8, choices=ScanState.choices, default=ScanState.NONE)
    scan_detail = models.CharField(max_length=200, blank=True, help_text="the virus, or why it was not scanned")
    scan_attempts = models.PositiveSmallIntegerField(default=0)
    scan_due_at = models.DateTimeField(null=True, blank=True, help_text="when it is to be scanned; of those waiting")
    scanned_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(size__gt=0), name="file_not_empty")]
        indexes = [models.Index(fields=["scan_due_at"], name="file_scan_due", condition=Q(scan_due_at__isnull=False))]

    def __str__(self) -> str:
        return f"{self.sha256[:12]}.{self.kind}"

    @property
    def is_image(self) -> bool:
        """Whether it is one picture."""
        return FileKind(self.kind).is_image

    @property
    def notes(self) -> tuple[FileNote, ...]:
        """What everybody should see beside it."""
        return file_notes(self.active_content, self.restricted, self.scan_state, self.scan_detail)


class FileText(models.Model):
    """The text of a stored file by page, read in the background; it can always be read anew from the file."""

    file = models.OneToOneField(File, models.CASCADE, related_name="text")
    state = models.CharField(max_length=8, choices=TextState.choices, default=TextState.WAITING)
    reader = models.PositiveSmallIntegerField(default=0, help_text="the version of evidence.reading that read it")
    pages = models.BinaryField(null=True, blank=True, help_text="packed by evidence.reading.pages")
    words = models.TextField(blank=True, help_text="each of its words once, a blank before and behind each")
    characters = models.PositiveIntegerField(default=0)
    document_date = models.DateField(null=True, blank=True, help_text="the date that its text bears")
    detail = models.CharField(max_length=200, blank=True, help_text="why it, or a part of it, was not read")
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True, blank=True, help_text="when it is to be read; of those waiting")
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="file_text_to_read", condition=Q(state="waiting"))]

    def __str__(self) -> str:
        return f"{self.file_id} {self.state}"


class RenditionState(models.TextChoices):
    """How far the PDF of an office document is made."""

    WAITING = "waiting", _("กำลังแปลงเป็น PDF")
    MADE = "made", _("แปลงเป็น PDF แล้ว")
    UNMADE = "unmade", _("ไม่มีตัวแปลงเอกสาร")
    FAILED = "failed", _("แปลงเป็น PDF ไม่ได้")


class FileRendition(models.Model):
    """The PDF of an office document, for looking at it; made in the background, and again at any time."""

    file = models.OneToOneField(File, models.CASCADE, related_name="rendition")
    state = models.CharField(max_length=8, choices=RenditionState.choices, default=RenditionState.WAITING)
    stored = models.CharField(max_length=200, blank=True, help_text="name in the store")
    size = models.PositiveBigIntegerField(default=0, help_text="bytes")
    pages = models.PositiveIntegerField(null=True, blank=True)
    detail = models.CharField(max_length=200, blank=True, help_text="why it was not made")
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True, blank=True, help_text="when it is to be made; of those waiting")
    made_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="file_rendition_due", condition=Q(state="waiting"))]

    def __str__(self) -> str:
        return f"{self.file_id} {self.state}"


class Attachment(models.Model):
    """A file, or where the form allows it a web address, at an evidence place of a response."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    response = models.ForeignKey(Response, models.PROTECT, related_name="attachments")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    address = models.CharField(max_length=300, help_text="where in the form")
    file = models.ForeignKey(File, models.PROTECT, null=True, blank=True, related_name="attachments")
    url = models.CharField(max_length=MAX_URL_LENGTH, null=True, blank=True)  # noqa: DJ001 - none, not ""
    name = models.CharField(max_length=MAX_NAME_LENGTH)
    document_date = models.DateField(null=True, blank=True, help_text="the date the document bears")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    copy = models.ForeignKey(
        File, models.PROTECT, null=True, blank=True, related_name="copied", help_text="what a web address showed"
    )
    to_confirm = models.BooleanField(default=False, help_text="carried over, and nobody looked at it in this round yet")
    verdict = models.CharField(max_length=12, choices=Verdict.choices, default=Verdict.NONE, blank=True)
    verdict_reason = models.CharField(max_length=MAX_REASON_LENGTH, blank=True)
    verdict_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    verdict_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["added_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(file__isnull=False, url__isnull=True) | Q(file__isnull=True, url__isnull=False),
                name="attachment_file_or_url",
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, removed_by__isnull=True)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="attachment_removed_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(copy__isnull=True) | Q(url__isnull=False), name="attachment_copy_of_url"
            ),
            models.CheckConstraint(
                condition=Q(verdict="", verdict_by__isnull=True, verdict_at__isnull=True)
                | (~Q(verdict="") & Q(verdict_by__isnull=False, verdict_at__isnull=False)),
                name="attachment_verdict_by_someone",
            ),
            models.UniqueConstraint(
                fields=["response", "address", "file"],
                condition=Q(removed_at__isnull=True, file__isnull=False),
                name="attachment_file_once",
            ),
            models.UniqueConstraint(
                fields=["response", "address", "url"],
                condition=Q(removed_at__isnull=True, url__isnull=False),
                name="attachment_url_once",
            ),
        ]
        indexes = [models.Index(fields=["response", "address"], name="attachment_place")]

    def __str__(self) -> str:
        return f"{self.response_id} {self.address}: {self.name}"


class Mark(models.Model):
    """A mark: the pages and the passage of an attachment that support the answer.

    On a page that is a picture a rectangle or a note stands for the passage.
    """

    attachment = models.ForeignKey(Attachment, models.CASCADE, related_name="marks")
    pages = models.CharField(max_length=MAX_REFERENCE_LENGTH, help_text='"3" or "3-5, 8"')
    quote = models.TextField(max_length=MAX_QUOTE_LENGTH, blank=True)
    areas = models.TextField(blank=True, help_text="rectangles on pages, as evidence.attaching.areas writes them")
    note = models.CharField(max_length=MAX_REASON_LENGTH, blank=True, help_text="what is to be seen on the picture")
    state = models.CharField(max_length=12, choices=MarkState.choices, default=MarkState.UNCHECKED, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(pages="") & (~Q(quote="") | ~Q(areas="") | ~Q(note="")), name="mark_pages_and_passage"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attachment_id} {self.pages}"

    @property
    def is_unproven(self) -> bool:
        """Whether it proves nothing as it is: its passage was not found, or its page is a picture."""
        return self.state in (MarkState.MISSING, MarkState.UNREAD, MarkState.LOST)
