"""The append-only log of account changes."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import pgettext_lazy

from accounts.respondents import RespondentKind, respondent_words, role_label
from accounts.roles import Role
from dgready.append_only import AppendOnlyModel

# Labels of the verbs of the log, filled in with the words of the place (accounts.respondents.respondent_words).
VERB_LABELS = {
    "accept_invitation": pgettext_lazy("event", "ตอบรับคำเชิญ"),
    "api_token": pgettext_lazy("event", "สร้างรหัสเชื่อมต่อ API"),
    "api_token_revoke": pgettext_lazy("event", "ยกเลิกรหัสเชื่อมต่อ API"),
    "calendar_address": pgettext_lazy("event", "สร้างที่อยู่ปฏิทิน"),
    "calendar_address_revoke": pgettext_lazy("event", "ยกเลิกที่อยู่ปฏิทิน"),
    "change_agency": pgettext_lazy("event", "แก้ไขหน่วยงาน"),
    "change_department": pgettext_lazy("event", "แก้ไขส่วนราชการ"),
    "change_language": pgettext_lazy("event", "เปลี่ยนภาษา"),
    "change_password": pgettext_lazy("event", "เปลี่ยนรหัสผ่าน"),
    "change_profile": pgettext_lazy("event", "แก้ไขข้อมูลส่วนตัว"),
    "change_province": pgettext_lazy("event", "แก้ไขจังหวัด"),
    "committee_member": pgettext_lazy("event", "เพิ่มกรรมการ %(committee)s"),
    "committee_member_change": pgettext_lazy("event", "แก้ไขกรรมการ %(committee)s"),
    "committee_order": pgettext_lazy("event", "บันทึกคำสั่งแต่งตั้งคณะกรรมการ %(committee)s"),
    "committee_order_change": pgettext_lazy("event", "แก้ไขคำสั่งแต่งตั้งคณะกรรมการ %(committee)s"),
    "correct_results": pgettext_lazy("event", "ออกผลฉบับใหม่ตามคำวินิจฉัย"),
    "create_agency": pgettext_lazy("event", "เพิ่มหน่วยงาน"),
    "create_department": pgettext_lazy("event", "เพิ่มส่วนราชการ"),
    "create_province": pgettext_lazy("event", "เพิ่มจังหวัด"),
    "end_other_sessions": pgettext_lazy("event", "ออกจากระบบที่เครื่องอื่นทั้งหมด"),
    "end_sessions_of": pgettext_lazy("event", "ผู้ดูแลให้ออกจากระบบทุกเครื่อง"),
    "end_session": pgettext_lazy("event", "ออกจากระบบที่เครื่องอื่น"),
    "delegate": pgettext_lazy("event", "บันทึกคำสั่งมอบอำนาจอนุมัติ"),
    "delegate_end": pgettext_lazy("event", "ยกเลิกคำสั่งมอบอำนาจอนุมัติ"),
    "deactivate": pgettext_lazy("event", "ปิดบัญชี"),
    "forget_addresses": pgettext_lazy("event", "ลบที่อยู่ IP และชื่อเบราว์เซอร์ที่พ้นเวลาเก็บ"),
    "grant": pgettext_lazy("event", "ให้บทบาท"),
    "import_benchmarks": pgettext_lazy("event", "นำค่าระดับประเทศเข้า"),
    "import_results": pgettext_lazy("event", "นำผลที่ประกาศเข้า"),
    "invite": pgettext_lazy("event", "เชิญผู้ใช้"),
    "invite_again": pgettext_lazy("event", "ส่งคำเชิญอีกครั้ง"),
    "join": pgettext_lazy("event", "เปิดบัญชี"),
    "lend": pgettext_lazy("event", "มอบอำนาจตามช่วงวันที่"),
    "letter_text": pgettext_lazy("event", "แก้ข้อความหนังสือราชการ"),
    "letter_text_restore": pgettext_lazy("event", "คืนข้อความหนังสือราชการเป็นข้อความเดิมของระบบ"),
    "letter_text_undo": pgettext_lazy("event", "เลิกทำการแก้ข้อความหนังสือราชการ"),
    "load_data_file": pgettext_lazy("event", "นำไฟล์แบบ เกณฑ์ หรือการเชื่อมโยงเข้าเป็นฉบับร่าง"),
    "make_scheme_version": pgettext_lazy("event", "สร้างเกณฑ์ฉบับใหม่จากผลที่ประกาศ"),
    "objection_decide": pgettext_lazy("event", "วินิจฉัยข้อโต้แย้งผล"),
    "objection_file": pgettext_lazy("event", "ยื่นข้อโต้แย้งผล"),
    "objection_withdraw": pgettext_lazy("event", "ถอนข้อโต้แย้งผล"),
    "objection_write": pgettext_lazy("event", "เขียนร่างข้อโต้แย้งผล"),
    "play": pgettext_lazy("event", "เปิดบัญชีตัวอย่างของรอบจำลอง"),
    "message_provinces": pgettext_lazy("event", "ส่งข้อความถึงหลายจังหวัด"),
    "publish_data_file": pgettext_lazy("event", "เผยแพร่แบบ เกณฑ์ หรือการเชื่อมโยง"),
    "attach_official_text": pgettext_lazy("event", "แนบถ้อยคำของ DGA"),
    "reactivate": pgettext_lazy("event", "เปิดบัญชีอีกครั้ง"),
    "reclaim": pgettext_lazy("event", "ยกเลิกการมอบอำนาจตามช่วงวันที่"),
    "remind_provinces": pgettext_lazy("event", "เตือนฝ่ายเลขานุการหลายจังหวัด"),
    "reply_window": pgettext_lazy("event", "กำหนดวันรับข้อโต้แย้งผล"),
    "reset_password": pgettext_lazy("event", "ตั้งรหัสผ่านใหม่ทางอีเมล"),
    "release_national": pgettext_lazy("event", "เผยแพร่รายงานระดับประเทศแก่จังหวัด"),
    "resend_letter": pgettext_lazy("event", "ส่งอีเมลที่ส่งไม่สำเร็จอีกครั้ง"),
    "revoke": pgettext_lazy("event", "ยกเลิกบทบาท"),
    "sample": pgettext_lazy("event", "เปิดบัญชีตัวอย่าง"),
    "second_factor_add": pgettext_lazy("event", "เพิ่มวิธียืนยันขั้นที่สอง"),
    "second_factor_codes": pgettext_lazy("event", "สร้างรหัสสำรองชุดใหม่"),
    "second_factor_locked": pgettext_lazy("event", "พักการยืนยันขั้นที่สองเพราะรหัสผิดหลายครั้ง"),
    "second_factor_recovery": pgettext_lazy("event", "ใช้รหัสสำรอง"),
    "second_factor_remove": pgettext_lazy("event", "ลบวิธียืนยันขั้นที่สอง"),
    "second_factor_reset": pgettext_lazy("event", "ล้างการยืนยันขั้นที่สอง"),
    "show_release": pgettext_lazy("event", "เปิดรายงานระดับประเทศให้ทุกคนอ่าน"),
    "single_sign_on_link": pgettext_lazy("event", "ผูกบัญชีกับบริการยืนยันตัวตน"),
    "stand_in": pgettext_lazy("event", "ตั้งผู้ทำแทนผู้ประสานงาน"),
    "take_back_round": pgettext_lazy("event", "ถอนรอบที่เปิดไว้และยังว่าง"),
    "undo_import_benchmarks": pgettext_lazy("event", "เลิกทำการนำค่าระดับประเทศเข้า"),
    "undo_import_results": pgettext_lazy("event", "เลิกทำการนำผลที่ประกาศเข้า"),
    "use_scheme_version": pgettext_lazy("event", "ใช้เกณฑ์ฉบับใหม่กับรอบที่ยังแก้ไขได้"),
    "withdraw_release": pgettext_lazy("event", "ปิดรายงานระดับประเทศไม่ให้คนทั่วไปอ่าน"),
    "withdraw_invitation": pgettext_lazy("event", "ถอนคำเชิญ"),
    "api_refused": pgettext_lazy("event", "ไม่รับรหัสเชื่อมต่อ API"),
    "export_file": pgettext_lazy("event", "ขอไฟล์ที่มีข้อมูลทั้งหมด"),
    "download_file": pgettext_lazy("event", "ดาวน์โหลดไฟล์ที่มีข้อมูลทั้งหมด"),
    "export_log": pgettext_lazy("event", "ส่งออกบันทึกความปลอดภัย"),
    "page_refused": pgettext_lazy("event", "เปิดหน้าที่ไม่มีหรือไม่มีสิทธิ์"),
    "second_factor_again": pgettext_lazy("event", "ยืนยันขั้นที่สองอีกครั้งก่อนทำรายการสำคัญ"),
    "second_factor_wrong": pgettext_lazy("event", "รหัสยืนยันขั้นที่สองผิด"),
    "sign_in": pgettext_lazy("event", "เข้าสู่ระบบ"),
    "sign_in_refused": pgettext_lazy("event", "เข้าสู่ระบบไม่สำเร็จ"),
    "sign_in_sample": pgettext_lazy("event", "บัญชีตัวอย่างถูกปฏิเสธ"),
    "sign_in_wait": pgettext_lazy("event", "ถูกพักการเข้าสู่ระบบเพราะรหัสผ่านผิดหลายครั้ง"),
    "sign_out": pgettext_lazy("event", "ออกจากระบบ"),
    "single_sign_on_refused": pgettext_lazy("event", "บริการยืนยันตัวตนไม่รับรองหรือไม่มีบัญชี"),
    "events_dropped": pgettext_lazy("event", "เหตุการณ์อื่นในชั่วโมงนั้น เกินจำนวนที่จดแยก"),
}


class AccountEvent(AppendOnlyModel):
    """Who changed which account, place or membership, when, and from what to what."""

    at = models.DateTimeField(auto_now_add=True)
    # Empty for what the command line or an invited person without an account did.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=40)
    subject = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="account_events"
    )
    province = models.ForeignKey("accounts.Province", null=True, on_delete=models.PROTECT, related_name="+")
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    # A copy of what `data` says, which the chain covers: to search by. Only of what is kept for ever: files that hold
    # everything (and of events before there was EventOrigin, which keeps the others for a while).
    address = models.GenericIPAddressField(null=True, editable=False)

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["verb", "at"], name="account_event_verb_at"),
            models.Index(fields=["address", "at"], name="account_event_address_at"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.verb}"

    @property
    def label(self) -> str:
        """The verb in the language of the page; the few that speak of a committee read the place for its name."""
        label = str(VERB_LABELS.get(self.verb, self.verb))
        return label % respondent_words(self._kind) if "%(" in label else label

    @property
    def came_from(self) -> str:
        """The address it came from; empty where none was told, or none is kept any more."""
        origin = getattr(self, "origin", None)
        return (origin.address if origin else self.address) or ""

    @property
    def role_label(self) -> str:
        """Label of the role the event is about; empty when it is about none."""
        role = (self.data.get("after") or self.data.get("before") or {}).get("role")
        return role_label(Role(role), self._kind) if role in Role.values else ""

    @property
    def _kind(self) -> str:
        return self.province.kind if self.province else RespondentKind.PROVINCE


class AccountLink(models.Model):
    """The place of an event in the chain of the log: its hash covers the event and the hash of the link before.

    A table beside the log, since events are linked after the transaction that wrote them: whoever writes one waits
    for nobody, and no lock lies on the log while people are imported.
    """

    event = models.OneToOneField(AccountEvent, on_delete=models.PROTECT, related_name="link")
    seq = models.PositiveIntegerField(unique=True)
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["seq"]

    def __str__(self) -> str:
        return f"{self.seq} {self.event_id}"
