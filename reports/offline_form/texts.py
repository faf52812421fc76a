"""The words of the offline form, Thai and English. PURE."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from dgready.localized_text import LocalizedText as T
from survey.instrument.schema import Item, TableColumn

INSTRUCTIONS: Final = T("คำแนะนำ", "Instructions")
HEADS: Final = (
    T("รหัส", "Code"),
    T("คำถาม", "Question"),
    T("คำตอบ", "Answer"),
    T("วิธีตอบ", "How to answer"),
    T("สถานะ", "State"),
    T("ชื่อไฟล์หลักฐาน", "Names of evidence files"),
)
SLOT: Final = T("รายการที่ {n}", "Item {n}")
NOT_ASKED: Final = T("ไม่ต้องตอบ", "Not asked")
OPEN: Final = T("ยังไม่ตอบ", "Not answered")
PICK_ONE: Final = T("เลือก 1 ข้อจากรายการ", "Choose one from the list")
TICK_ALL: Final = T("ใส่ ✓ ในบรรทัดของทุกข้อที่ใช่", "Put ✓ in the line of each that applies")
NUMBER: Final = T("ตัวเลข", "A number")
WHOLE: Final = T("จำนวนเต็ม", "A whole number")
AT_LEAST: Final = T("ไม่น้อยกว่า {n}", "at least {n}")
AT_MOST: Final = T("ไม่เกิน {n}", "at most {n}")
MONTH: Final = T("เดือน/ปี พ.ศ. เช่น 06/2567", "Month/year (B.E.), such as 06/2567")
URL: Final = T("ที่อยู่เว็บ เช่น https://…", "A web address, such as https://…")
TEXT: Final = T("พิมพ์ข้อความ", "Type the text")
ROWS: Final = T("ตอบได้ไม่เกิน {n} รายการ เว้นรายการที่ไม่ใช้ว่างไว้", "Up to {n} items; leave the others empty")
ANY_ROWS: Final = T("เว้นรายการที่ไม่ใช้ว่างไว้", "Leave items that you do not need empty")
CHOOSE_FROM_LIST: Final = T("โปรดเลือกจากรายการ", "Choose from the list")
CHECK_NUMBER: Final = T("โปรดตรวจตัวเลขอีกครั้ง", "Check the number")
CHECK_LENGTH: Final = T("ยาวเกิน {n} ตัวอักษร", "Longer than {n} characters")

FORM_TITLE: Final = T("แบบกรอกคำตอบนอกระบบ", "Offline answer form")
PROVINCE: Final = T("จังหวัด", "Province")
DEPARTMENT: Final = T("ส่วนราชการ", "Department")
AGENCY: Final = T("หน่วยงาน", "Agency")
YEAR: Final = T("ปี พ.ศ.", "Year (B.E.)")
FORM_NAME: Final = T("แบบสำรวจ", "Form")
DUE: Final = T("กำหนดส่งของหน่วยงาน", "Due date of agencies")
MADE: Final = T("ทำไฟล์เมื่อ", "File made")
HOW: Final = T("วิธีใช้", "How to use")
STEPS: Final = (
    T(
        "กรอกเฉพาะช่องสีขาวในคอลัมน์ “คำตอบ” และ “ชื่อไฟล์หลักฐาน” ช่องอื่นล็อกไว้",
        "Fill in only the white cells of the columns “Answer” and “Names of evidence files”; the others are locked",
    ),
    T(
        "ข้อที่เลือกคำตอบ ให้เลือกจากรายการในช่อง ข้อที่ตอบได้หลายคำตอบ ให้ใส่ ✓ ในบรรทัดของแต่ละคำตอบ",
        "Choose from the list of the cell; where several answers are possible, put ✓ in the line of each",
    ),
    T(
        "คอลัมน์ “สถานะ” บอกว่าข้อใดยังไม่ตอบ และข้อใดไม่ต้องตอบเพราะคำตอบก่อนหน้า",
        "The column “State” says what is not answered yet, and what is not asked because of an earlier answer",
    ),
    T(
        "ชื่อไฟล์หลักฐาน: พิมพ์ชื่อไฟล์ที่อยู่ในคลังเอกสารของหน่วยงาน บรรทัดละหนึ่งชื่อ ระบบจะเสนอให้แนบเมื่อส่งไฟล์นี้กลับ",
        "Evidence: type the names of files in your library, one a line; you are offered to attach them when the file "
        "comes back",
    ),
    T(
        "อย่าเพิ่ม ลบ หรือผสานช่อง และอย่าแก้คอลัมน์ที่ซ่อน ช่องที่ลบคำตอบออกถือว่าลบคำตอบนั้น",
        "Do not add, delete or merge cells or change hidden columns; an emptied cell removes that answer",
    ),
    T(
        "เสร็จแล้วส่งไฟล์กลับที่หน้างานของหน่วยงาน ระบบแสดงสิ่งที่จะเปลี่ยนก่อน และยังไม่บันทึกจนกว่าท่านจะกดนำเข้า",
        "Send the file back on your agency's desk; you see what would change, and nothing is saved before you apply it",
    ),
)

NOT_A_FORM: Final = T(
    "ไฟล์นี้ไม่ใช่แบบกรอกคำตอบที่ดาวน์โหลดจากระบบ หรือส่วนที่ซ่อนของไฟล์ถูกลบ โปรดดาวน์โหลดแบบใหม่",
    "This is not a form downloaded from here, or its hidden part was removed; download a new form",
)
OTHER_FORMAT: Final = T(
    "ไฟล์นี้ทำด้วยระบบรุ่นอื่นที่อ่านไม่ได้ โปรดดาวน์โหลดแบบใหม่", "The file was made by another release; download a new form"
)
OTHER_PROVINCE: Final = T("ไฟล์นี้เป็นแบบของผู้ตอบอื่น ({name})", "This is the form of another respondent ({name})")
OTHER_AGENCY: Final = T("ไฟล์นี้เป็นแบบของหน่วยงานอื่น ({name})", "This is the form of another agency ({name})")
OTHER_YEAR: Final = T("ไฟล์นี้เป็นแบบของปี {name}", "This is the form of the year {name}")
OTHER_INSTRUMENT: Final = T("ไฟล์นี้ทำจากแบบสำรวจอื่น ({name})", "The file was made from another form ({name})")

EDITED_ID: Final = T(
    "รหัสที่ซ่อนของแถวนี้ถูกแก้ไข จึงไม่รู้ว่าเป็นข้อใด โปรดดาวน์โหลดแบบใหม่แล้วคัดลอกคำตอบ",
    "The hidden id of this row was changed; download a new form and copy the answer",
)
REPEATED_ID: Final = T(
    "แถวนี้ซ้ำกับแผ่น {sheet} แถว {row} โปรดลบแถวที่ซ้ำ", "This row stands also in sheet {sheet}, row {row}; remove one"
)
MERGED: Final = T(
    "ช่องนี้ผสานกับช่องอื่น โปรดเลิกผสานแล้วตอบใหม่", "This cell is merged with others; unmerge it and answer again"
)
NO_VALUE: Final = T("ช่องนี้เป็นสูตรที่ไม่มีผลลัพธ์เก็บไว้ โปรดวางเป็นค่า", "This formula has no stored result; paste it as a value")
NO_TICK: Final = T("ใส่ ✓ หรือเว้นว่าง", "Put ✓ or leave it empty")
GONE: Final = T("ไม่มีข้อนี้ในแบบสำรวจฉบับปัจจุบัน", "The present version of the form does not have this")
GONE_OPTION: Final = T("ไม่มีตัวเลือกนี้ในแบบสำรวจฉบับปัจจุบัน", "The present version of the form does not have this option")
OUTSIDE: Final = T("ข้อนี้ไม่อยู่ในส่วนที่หน่วยงานแก้ไขได้ในขณะนี้", "This is not in a part that the agency can change now")
MISSING: Final = T(
    "ไม่พบแถวของ {n} ช่องในไฟล์ คำตอบของช่องเหล่านี้คงเดิม",
    "The rows of {n} fields are missing; these answers stay as they are",
)
FOREIGN_SHEET: Final = T("แผ่น “{name}” ไม่ใช่ของแบบนี้ จึงไม่อ่าน", "Sheet “{name}” is not of this form and was not read")


def hint_of(owner: Item | TableColumn) -> T:
    """How to answer a field, in few words."""
    plain: Mapping[str, T] = {"single": PICK_ONE, "multi": TICK_ALL, "month_year": MONTH, "url": URL, "text": TEXT}
    if owner.kind != "number":
        return plain.get(owner.kind, T(""))
    if not isinstance(owner, Item):
        return NUMBER
    parts = [WHOLE if owner.integer else NUMBER]
    parts += [AT_LEAST.filled(n=owner.minimum)] if owner.minimum is not None else []
    parts += [AT_MOST.filled(n=owner.maximum)] if owner.maximum is not None else []
    return T(" ".join(p.th for p in parts), " ".join(p.to("en") for p in parts))


def rows_hint(item: Item) -> T:
    """How many rows a repeat takes."""
    return ANY_ROWS if item.max_rows is None else ROWS.filled(n=item.max_rows)
