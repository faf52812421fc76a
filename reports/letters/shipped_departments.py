"""The texts of a department's letters as they are shipped, in Thai and English; it may word its own. PURE.

In them {province} is the name of the department, {agency} one of its divisions.
"""

from __future__ import annotations

from typing import Final

from reports.letters.wording import COVER, INVITE, MEMO, REMIND, LetterText

_OFFICE: Final = "{province}"
_CONTACT: Final = "{province}\nโทร. ........................................"
_CONTACT_EN: Final = "{province}\nTel. ........................................"
_HEAD: Final = "หัวหน้าส่วนราชการ{province}"
_HEAD_EN: Final = "Head of {province}"
_DGA: Final = "สำนักงานพัฒนารัฐบาลดิจิทัล (องค์การมหาชน) (สพร.)"
_DGA_EN: Final = "the Digital Government Development Agency (Public Organization) (DGA)"

DEPARTMENT_THAI: Final[dict[str, LetterText]] = {
    INVITE: LetterText(
        office=_OFFICE,
        subject="ขอความร่วมมือตอบ{form}",
        addressee="{head}",
        body=(
            f"ด้วย{{province}}จะตอบ{{form}} ของ{_DGA}"
            " เพื่อใช้ประเมินและพัฒนาการดำเนินงานด้านดิจิทัลของส่วนราชการ"
            " ซึ่งต้องใช้ข้อมูลและหลักฐานจากสำนักและกองในสังกัด\n"
            "{province}พิจารณาแล้ว เห็นว่า{agency}มีข้อมูลตามแบบสำรวจดังกล่าว"
            " จึงขอความร่วมมือตอบข้อคำถามที่ได้รับมอบหมาย จำนวน {questions} ข้อ พร้อมแนบหลักฐาน"
            " ตามบัญชีข้อคำถาม (สิ่งที่ส่งมาด้วย 1) ให้แล้วเสร็จภายในวันที่ {due}"
            " และแจ้งชื่อผู้ประสานงานตามแบบตอบกลับ (สิ่งที่ส่งมาด้วย 2)"
            " เพื่อให้รวบรวมและเสนอขออนุมัติได้ทันกำหนดวันที่ {closes_on}\n"
            "จึงเรียนมาเพื่อโปรดพิจารณาให้ความร่วมมือ"
        ),
        signatory=_HEAD,
        contact=_CONTACT,
    ),
    REMIND: LetterText(
        office=_OFFICE,
        subject="ขอให้เร่งส่งคำตอบ{form}",
        addressee="{head}",
        reference="หนังสือ{province} ที่ ........................ ลงวันที่ ........................................",
        body=(
            "ตามหนังสือที่อ้างถึง {province}ขอให้{agency}ตอบข้อคำถามตาม{form}"
            " พร้อมแนบหลักฐาน ภายในวันที่ {due} นั้น\n"
            "{province}ตรวจสอบแล้ว พบว่า{agency}ยังมีเรื่องค้าง จำนวน {open_points} เรื่อง"
            " ตามบัญชีเรื่องที่ยังค้าง (สิ่งที่ส่งมาด้วย) ขณะนี้{days_left}"
            " จึงขอให้เร่งดำเนินการให้แล้วเสร็จ เพื่อให้เสนอขออนุมัติได้ทันกำหนดวันที่ {closes_on}"
            " หากดำเนินการแล้ว ต้องขออภัยมา ณ ที่นี้\n"
            "จึงเรียนมาเพื่อโปรดพิจารณาดำเนินการ"
        ),
        signatory=_HEAD,
        contact=_CONTACT,
    ),
    COVER: LetterText(
        office=_OFFICE,
        subject="ขอส่งคำตอบ{form}",
        addressee="ผู้อำนวยการสำนักงานพัฒนารัฐบาลดิจิทัล (องค์การมหาชน)",
        body=(
            f"ตามที่{_DGA} ขอให้ส่วนราชการตอบ{{form}} นั้น\n"
            "{province}ได้รวบรวมคำตอบและหลักฐานจากสำนักและกองในสังกัดเรียบร้อยแล้ว {endorsed}"
            " และหัวหน้าส่วนราชการได้อนุมัติคำตอบ {version} เมื่อวันที่ {approved_on}"
            " จึงขอส่งคำตอบดังกล่าว จำนวน {files} ไฟล์"
            " โดยมีชื่อ ฉบับ และค่าตรวจสอบของแต่ละไฟล์ปรากฏตามบัญชีไฟล์ที่นำส่ง (สิ่งที่ส่งมาด้วย)\n"
            "จึงเรียนมาเพื่อโปรดพิจารณา"
        ),
        signatory=_HEAD,
        contact=_CONTACT,
    ),
    MEMO: LetterText(
        office="{province} โทร. ........................................",
        subject="ขออนุมัติคำตอบ{form}",
        addressee=_HEAD,
        body=(
            f"1. เรื่องเดิม {_DGA} ขอให้ส่วนราชการตอบ{{form}}"
            " โดยต้องอนุมัติคำตอบภายในวันที่ {closes_on}\n"
            "2. ข้อเท็จจริง สำนักและกองได้ตอบข้อคำถามที่ได้รับมอบหมาย และฝ่ายเลขานุการได้รวบรวมเป็นคำตอบของส่วนราชการแล้ว"
            " {answered} มีเรื่องที่ยังค้าง จำนวน {open_points} เรื่อง {endorsed}\n"
            "3. ข้อพิจารณา ผลตามคำตอบในขณะนี้ {score}\n"
            "4. ข้อเสนอ เห็นควรอนุมัติคำตอบ และส่งคำตอบพร้อมหลักฐานให้ สพร. ต่อไป\n"
            "จึงเรียนมาเพื่อโปรดพิจารณาอนุมัติ"
        ),
        signatory="หัวหน้าฝ่ายเลขานุการ {province}",
    ),
}

DEPARTMENT_ENGLISH: Final[dict[str, LetterText]] = {
    INVITE: LetterText(
        office=_OFFICE,
        subject="Request to answer the {form}",
        addressee="Head of {agency}",
        body=(
            f"{{province}} is about to answer the {{form}} of {_DGA_EN},"
            " which serves to assess and develop the digital work of the department."
            " Information and evidence are needed from its divisions.\n"
            "{agency} holds information that the survey asks for. You are therefore asked to answer the"
            " {questions} questions assigned to you, with their evidence, as listed in enclosure 1, by {due}, and to"
            " name a coordinator on the reply form in enclosure 2, so that the answer can be approved by {closes_on}.\n"
            "Your kind co-operation is requested."
        ),
        signatory=_HEAD_EN,
        contact=_CONTACT_EN,
        thai_digits=False,
    ),
    REMIND: LetterText(
        office=_OFFICE,
        subject="Reminder of the answers to the {form}",
        addressee="Head of {agency}",
        reference="Letter of the department no. ........................ of ........................................",
        body=(
            "In the letter referred to, {agency} was asked to answer questions of the {form}"
            " {year}, with their evidence, by {due}.\n"
            "{open_points} points of your division are still open, as listed in the enclosure; {days_left}. Please see"
            " to them soon, so that the answer of the department can be approved by {closes_on}. If this has been done"
            " meanwhile, please disregard this letter.\n"
            "Your kind attention is requested."
        ),
        signatory=_HEAD_EN,
        contact=_CONTACT_EN,
        thai_digits=False,
    ),
    COVER: LetterText(
        office=_OFFICE,
        subject="Answers to the {form}",
        addressee="President of the Digital Government Development Agency (Public Organization)",
        body=(
            f"{_DGA_EN[0].upper()}{_DGA_EN[1:]} asked the department to answer the {{form}}.\n"
            "{province} has gathered answers and evidence from its divisions. {endorsed}. The head of the department"
            " approved {version} of the answer on {approved_on}. The answer is herewith sent as {files} files; the"
            " name, version and checksum of each are listed in the enclosure.\n"
            "Submitted for your kind consideration."
        ),
        signatory=_HEAD_EN,
        contact=_CONTACT_EN,
        thai_digits=False,
    ),
    MEMO: LetterText(
        office="{province}, tel. ........................................",
        subject="Approval of the answers to the {form}",
        addressee=_HEAD_EN,
        body=(
            f"1. Background: {_DGA_EN} asked the department"
            " to answer the {form}. The answer has to be approved by {closes_on}.\n"
            "2. Facts: the divisions answered the questions assigned to them, and the secretariat gathered these into"
            " the answer of the department. {answered}; {open_points} points are still open. {endorsed}.\n"
            "3. Consideration: the result of the present answers: {score}.\n"
            "4. Proposal: that the answer be approved and sent to DGA with its evidence.\n"
            "Submitted for your approval."
        ),
        signatory="Head of the secretariat, {province}",
        thai_digits=False,
    ),
}
