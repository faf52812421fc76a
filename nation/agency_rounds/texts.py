"""Words of the blocks of a year that each agency answers, in Thai and English. PURE."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from dgready.localized_text import LocalizedText
from nation.agency_rounds.averaging import AgencyStanding

STANDINGS: Final[Mapping[AgencyStanding, LocalizedText]] = {
    AgencyStanding.ANSWERED: LocalizedText("ตอบแล้ว", "Answered"),
    AgencyStanding.OPEN: LocalizedText("ยังไม่ตอบ", "Not answered"),
    AgencyStanding.DECLINED: LocalizedText("แจ้งว่าไม่เกี่ยวข้อง", "Declined"),
}
# By the channels of a response: what was typed in from paper came by post, a workbook came by e-mail.
CHANNELS: Final[Mapping[str, LocalizedText]] = {
    "paper": LocalizedText("กระดาษ (ไปรษณีย์)", "Paper (post)"),
    "online": LocalizedText("กรอกในระบบ", "Online"),
    "workbook": LocalizedText("ไฟล์ Excel (อีเมล)", "Workbook (e-mail)"),
}
OTHER_KIND: Final = LocalizedText("ประเภทอื่น", "Other kinds")
TOTAL_LABEL: Final = LocalizedText("รวม", "Total")
TOO_FEW: Final = LocalizedText("เฉลี่ยจากน้อยกว่า 3 จังหวัด จึงไม่บอก", "The mean of fewer than 3 provinces is not told.")
NO_ANSWER: Final = LocalizedText("ยังไม่มีหน่วยงานที่ตอบ", "No agency has answered yet.")

RATES_TITLE: Final = LocalizedText("การตอบของหน่วยงาน", "Agencies answering")
RATE: Final = LocalizedText(
    "ตอบแล้ว {answered} จาก {asked} หน่วยงาน (ร้อยละ {percent})", "{answered} of {asked} agencies answered ({percent} %)"
)
KINDS_TITLE: Final = LocalizedText("การตอบตามประเภทหน่วยงาน", "Answering by kind of agency")
WORST_KIND: Final = LocalizedText(
    "ตอบน้อยที่สุดคือ {label} {count} จาก {base} หน่วยงาน (ร้อยละ {percent})",
    "Fewest answers: {label}, {count} of {base} agencies ({percent} %)",
)
NUMBERS_TITLE: Final = LocalizedText("จังหวัดตามจำนวนหน่วยงานที่ตอบ", "Provinces by number of agencies answering")
NUMBER_OF_AGENCIES: Final = LocalizedText("{number} หน่วยงาน", "{number} agencies")
MOST_NUMBER: Final = LocalizedText(
    "ส่วนใหญ่ตอบ {number} หน่วยงาน {count} จาก {n} จังหวัด (ร้อยละ {percent})",
    "Most often {number} agencies: {count} of {n} provinces ({percent} %)",
)
CHANNELS_TITLE: Final = LocalizedText("ช่องทางที่ตอบ", "Channels of the answers")
MOST_CHANNEL: Final = LocalizedText(
    "ตอบทาง{label}มากที่สุด {count} จาก {n} หน่วยงาน (ร้อยละ {percent})",
    "Most often {label}: {count} of {n} agencies ({percent} %)",
)
DIMENSIONS_TITLE: Final = LocalizedText("คะแนนเฉลี่ยของแต่ละมิติ", "Average of each dimension")
COMPONENTS_TITLE: Final = LocalizedText("องค์ประกอบของ {name}", "Components of {name}")
SCORES: Final = LocalizedText("คะแนนเฉลี่ยรวม {total} จาก 100", "Average total {total} of 100;")
SCORES_COMPONENTS: Final = LocalizedText(
    "สูงที่สุดคือ {high} {high_score} ต่ำที่สุดคือ {low} {low_score}",
    "highest is {high} ({high_score}), lowest is {low} ({low_score})",
)
AVERAGED_PROVINCES: Final = LocalizedText(
    "เฉลี่ยจากจังหวัด แต่ละจังหวัดเฉลี่ยจากหน่วยงานที่ตอบ หน่วยงานที่ไม่ตอบไม่นับเป็น 0",
    "Mean of provinces, each the mean of its agencies that answered; an agency that is silent is no 0",
)
AVERAGED_AGENCIES: Final = LocalizedText(
    "เฉลี่ยจากหน่วยงานที่ตอบ หน่วยงานที่ไม่ตอบไม่นับเป็น 0", "Mean of the agencies that answered; an agency that is silent is no 0"
)
BANDS_TITLE: Final = LocalizedText("จังหวัดตามช่วงคะแนนรวม", "Provinces by total score")
BAND_BELOW: Final = LocalizedText("น้อยกว่า {limit}", "below {limit}")
BAND_BETWEEN: Final = LocalizedText("{low}–{high}", "{low}–{high}")
BAND_ABOVE: Final = LocalizedText("มากกว่า {limit}", "above {limit}")
MOST_BAND: Final = LocalizedText(
    "จังหวัดส่วนมากอยู่ในช่วง {label} {count} จาก {n} จังหวัด (ร้อยละ {percent})",
    "Most provinces are in the band {label}: {count} of {n} ({percent} %)",
)
