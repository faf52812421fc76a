"""The texts of the letters as they are shipped, in Thai and English; a province may word its own. PURE."""

from __future__ import annotations

from typing import Final

from reports.letters.shipped_departments import DEPARTMENT_ENGLISH, DEPARTMENT_THAI
from reports.letters.wording import COVER, INVITE, MEMO, REMIND, LetterText

_OFFICE: Final = "ศาลากลางจังหวัด{province}\nอำเภอเมือง{province}"
_OFFICE_EN: Final = "{province} Provincial Hall\nMueang {province} District"
_CONTACT: Final = "สำนักงานจังหวัด{province}\nโทร. ........................................"
_CONTACT_EN: Final = "{province} Provincial Office\nTel. ........................................"
_GOVERNOR: Final = "ผู้ว่าราชการจังหวัด{province}"
_GOVERNOR_EN: Final = "Governor of {province}"

_THAI: Final[dict[str, LetterText]] = {
    INVITE: LetterText(
        office=_OFFICE,
        subject="ขอความร่วมมือตอบ{form}",
        addressee="{head}",
        body=(
            "ด้วยจังหวัด{province}จะตอบ{form} ของสำนักงานพัฒนารัฐบาลดิจิทัล (องค์การมหาชน) (สพร.)"
            " เพื่อใช้ประเมินและพัฒนาการดำเนินงานด้านดิจิทัลของจังหวัด"
            " ซึ่งต้องใช้ข้อมูลและหลักฐานจากหน่วยงานในจังหวัด\n"
            "จังหวัด{province}พิจารณาแล้ว เห็นว่า{agency}เป็นหน่วยงานที่มีข้อมูลตามแบบสำรวจดังกล่าว"
            " จึงขอความร่วมมือตอบข้อคำถามที่ได้รับมอบหมาย จำนวน {questions} ข้อ พร้อมแนบหลักฐาน"
            " ตามบัญชีข้อคำถาม (สิ่งที่ส่งมาด้วย 1) ให้แล้วเสร็จภายในวันที่ {due}"
            " และแจ้งชื่อผู้ประสานงานตามแบบตอบกลับ (สิ่งที่ส่งมาด้วย 2)"
            " เพื่อให้จังหวัดรวบรวมและเสนอขออนุมัติได้ทันกำหนดวันที่ {closes_on}\n"
            "จึงเรียนมาเพื่อโปรดพิจารณาให้ความร่วมมือ"
        ),
        signatory=_GOVERNOR,
        contact=_CONTACT,
    ),
    REMIND: LetterText(
        office=_OFFICE,
        subject="ขอให้เร่งส่งคำตอบ{form}",
        addressee="{head}",
        reference="หนังสือจังหวัด{province} ที่ ........................ ลงวันที่ ........................................",
        body=(
            "ตามหนังสือที่อ้างถึง จังหวัด{province}ขอให้{agency}ตอบข้อคำถามตาม{form}"
            " พร้อมแนบหลักฐาน ภายในวันที่ {due} นั้น\n"
            "จังหวัด{province}ตรวจสอบแล้ว พบว่า{agency}ยังมีเรื่องค้าง จำนวน {open_points} เรื่อง"
            " ตามบัญชีเรื่องที่ยังค้าง (สิ่งที่ส่งมาด้วย) ขณะนี้{days_left}"
            " จึงขอให้เร่งดำเนินการให้แล้วเสร็จ เพื่อให้จังหวัดเสนอขออนุมัติได้ทันกำหนดวันที่ {closes_on}"
            " หากดำเนินการแล้ว จังหวัดต้องขออภัยมา ณ ที่นี้\n"
            "จึงเรียนมาเพื่อโปรดพิจารณาดำเนินการ"
        ),
        signatory=_GOVERNOR,
        contact=_CONTACT,
    ),
    COVER: LetterText(
        office=_OFFICE,
        subject="ขอส่งคำตอบ{form}",
        addressee="ผู้อำนวยการสำนักงานพัฒนารัฐบาลดิจิทัล (องค์การมหาชน)",
        body=(
            "ตามที่สำนักงานพัฒนารัฐบาลดิจิทัล (องค์การมหาชน) (สพร.) ขอให้จังหวัดตอบ{form} นั้น\n"
            "จังหวัด{province}ได้รวบรวมคำตอบและหลักฐานจากหน่วยงานในจังหวัดเรียบร้อยแล้ว {endorsed}"
            " และผู้ว่าราชการจังหวัด{province}ได้อนุมัติคำตอบ {version} เมื่อวันที่ {approved_on}"
            " จึงขอส่งคำตอบดังกล่าว จำนวน {files} ไฟล์"
            " โดยมีชื่อ ฉบับ และค่าตรวจสอบของแต่ละไฟล์ปรากฏตามบัญชีไฟล์ที่นำส่ง (สิ่งที่ส่งมาด้วย)\n"
            "จึงเรียนมาเพื่อโปรดพิจารณา"
        ),
        signatory=_GOVERNOR,
        contact=_CONTACT,
    ),
    MEMO: LetterText(
        office="สำนักงานจังหวัด{province} โทร. ........................................",
        subject="ขออนุมัติคำตอบ{form}",
        addressee="ผู้ว่าราชการจังหวัด{province}",
        body=(
            "1. เรื่องเดิม สำนักงานพัฒนารัฐบาลดิจิทัล (องค์การมหาชน) (สพร.) ขอให้จังหวัดตอบ{form}"
            " โดยจังหวัดต้องอนุมัติคำตอบภายในวันที่ {closes_on}\n"
            "2. ข้อเท็จจริง หน่วยงานในจังหวัดได้ตอบข้อคำถามที่ได้รับมอบหมาย และฝ่ายเลขานุการได้รวบรวมเป็นคำตอบของจังหวัดแล้ว"
            " {answered} มีเรื่องที่ยังค้าง จำนวน {open_points} เรื่อง {endorsed}\n"
            "3. ข้อพิจารณา ผลตามคำตอบในขณะนี้ {score}\n"
            "4. ข้อเสนอ เห็นควรอนุมัติคำตอบ และให้จังหวัดส่งคำตอบพร้อมหลักฐานให้ สพร. ต่อไป\n"
            "จึงเรียนมาเพื่อโปรดพิจารณาอนุมัติ"
        ),
        signatory="หัวหน้าสำนักงานจังหวัด{province}",
    ),
}

_ENGLISH: Final[dict[str, LetterText]] = {
    INVITE: LetterText(
        office=_OFFICE_EN,
        subject="Request to answer the {form}",
        addressee="Head of {agency}",
        body=(
            "The province of {province} is about to answer the {form} of the Digital Government Development"
            " Agency (Public Organization) (DGA), which serves to assess and develop the digital work of the province."
            " Information and evidence are needed from the agencies in the province.\n"
            "{agency} holds information that the survey asks for. The province therefore asks you to answer the"
            " {questions} questions assigned to you, with their evidence, as listed in enclosure 1, by {due}, and to"
            " name a coordinator on the reply form in enclosure 2, so that the answer can be approved by {closes_on}.\n"
            "Your kind co-operation is requested."
        ),
        signatory=_GOVERNOR_EN,
        contact=_CONTACT_EN,
        thai_digits=False,
    ),
    REMIND: LetterText(
        office=_OFFICE_EN,
        subject="Reminder of the answers to the {form}",
        addressee="Head of {agency}",
        reference="Letter of the province no. ........................ of ........................................",
        body=(
            "In the letter referred to, the province of {province} asked {agency} to answer questions of the {form}"
            " {year}, with their evidence, by {due}.\n"
            "{open_points} points of your agency are still open, as listed in the enclosure; {days_left}. Please see"
            " to them soon, so that the answer of the province can be approved by {closes_on}. If this has been done"
            " meanwhile, please disregard this letter.\n"
            "Your kind attention is requested."
        ),
        signatory=_GOVERNOR_EN,
        contact=_CONTACT_EN,
        thai_digits=False,
    ),
    COVER: LetterText(
        office=_OFFICE_EN,
        subject="Answers to the {form}",
        addressee="President of the Digital Government Development Agency (Public Organization)",
        body=(
            "The Digital Government Development Agency (Public Organization) (DGA) asked the province to answer the"
            " {form}.\n"
            "The province of {province} has gathered answers and evidence from its agencies. {endorsed}. The governor"
            " approved {version} of the answer on {approved_on}. The answer is herewith sent as {files} files; the"
            " name, version and checksum of each are listed in the enclosure.\n"
            "Submitted for your kind consideration."
        ),
        signatory=_GOVERNOR_EN,
        contact=_CONTACT_EN,
        thai_digits=False,
    ),
    MEMO: LetterText(
        office="{province} Provincial Office, tel. ........................................",
        subject="Approval of the answers to the {form}",
        addressee="Governor of {province}",
        body=(
            "1. Background: the Digital Government Development Agency (Public Organization) (DGA) asked the province"
            " to answer the {form}. The answer has to be approved by {closes_on}.\n"
            "2. Facts: the agencies answered the questions assigned to them, and the secretariat gathered these into"
            " the answer of the province. {answered}; {open_points} points are still open. {endorsed}.\n"
            "3. Consideration: the result of the present answers: {score}.\n"
            "4. Proposal: that the answer be approved and sent to DGA with its evidence.\n"
            "Submitted for your approval."
        ),
        signatory="Head of the {province} Provincial Office",
        thai_digits=False,
    ),
}


def shipped_text(letter: str, language: str = "th", *, department: bool = False) -> LetterText:
    """The shipped text of a letter. `department`: of one, not of a province."""
    if department:
        return (DEPARTMENT_ENGLISH if language == "en" else DEPARTMENT_THAI)[letter]
    return (_ENGLISH if language == "en" else _THAI)[letter]
