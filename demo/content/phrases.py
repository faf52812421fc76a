"""Phrases for made-up answers, and the names used in them; every text says that it is a sample. PURE."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

SAMPLE_PREFIX: Final = "ตัวอย่าง: "


@dataclass(frozen=True, slots=True)
class SampleSetting:
    """The province in made-up texts: its name, and the host of its made-up web addresses."""

    name: str = "ตัวอย่าง"
    host: str = "province.example.org"

    def fill(self, phrase: str) -> str:
        """A phrase with the place's name in it."""
        return phrase.replace("{place}", self.name)


# Words of a field's label → what may stand in it. The first line that fits is taken.
TEXT_PHRASES: Final[Sequence[tuple[tuple[str, ...], tuple[str, ...]]]] = (
    (
        ("เหตุผล", "reason"),
        (
            "ยังไม่ได้รับจัดสรรงบประมาณในปีนี้",
            "อยู่ระหว่างเสนอคณะกรรมการพิจารณา",
            "บุคลากรด้านดิจิทัลมีจำนวนจำกัด",
            "รอแนวทางจากหน่วยงานกลาง",
            "ยังไม่มีภารกิจที่ต้องใช้ในปีนี้",
        ),
    ),
    (
        ("ผู้ที่นำไปใช้", "ผู้ใช้", "user"),
        (
            "สำนักงานสาธารณสุขจังหวัดและประชาชนทั่วไป",
            "สถาบันการศึกษาในจังหวัด{place}",
            "ผู้ประกอบการด้านการท่องเที่ยว",
            "กลุ่มเกษตรกรและสหกรณ์ในพื้นที่",
        ),
    ),
    (
        ("ชุดข้อมูล", "data set"),
        (
            "ชุดข้อมูลแหล่งท่องเที่ยวจังหวัด{place}",
            "ชุดข้อมูลพื้นที่เสี่ยงน้ำท่วม",
            "ชุดข้อมูลผลผลิตทางการเกษตรรายอำเภอ",
            "ชุดข้อมูลสถานพยาบาลและเตียงว่าง",
            "ชุดข้อมูลผู้สูงอายุและผู้พิการรายตำบล",
            "ชุดข้อมูลอุบัติเหตุทางถนน",
            "ชุดข้อมูลคุณภาพน้ำในแม่น้ำ",
        ),
    ),
    (
        ("บริการ", "service"),
        (
            "จองคิวรับบริการศูนย์ดำรงธรรมออนไลน์",
            "ยื่นคำขอใช้สถานที่ของจังหวัดทางออนไลน์",
            "แจ้งเรื่องร้องเรียนและติดตามสถานะ",
            "ลงทะเบียนร้านค้าชุมชนออนไลน์",
            "นัดหมายตรวจสุขภาพล่วงหน้า",
        ),
    ),
    (
        ("ซอฟต์แวร์", "แพลตฟอร์ม", "เทคโนโลยี", "software"),
        (
            "ระบบประชุมออนไลน์ที่จังหวัดจัดหา",
            "ระบบแบ่งปันเอกสารบนคลาวด์กลางภาครัฐ",
            "ระบบติดตามงานและโครงการของจังหวัด",
            "ระบบข้อความกลุ่มสำหรับงานราชการ",
        ),
    ),
    (
        ("ระบบ", "system"),
        (
            "ระบบสารบรรณอิเล็กทรอนิกส์ของจังหวัด{place}",
            "ระบบจองห้องประชุมและยานพาหนะ",
            "ระบบติดตามข้อสั่งการของผู้ว่าราชการจังหวัด",
            "ระบบแผนที่ภูมิสารสนเทศจังหวัด",
        ),
    ),
    (
        ("มติ", "resolution"),
        (
            "ที่ประชุมเห็นชอบแผนขับเคลื่อนจังหวัดดิจิทัลและมอบทุกหน่วยงานรายงานผลรายไตรมาส",
            "ที่ประชุมรับทราบผลการดำเนินงานและเห็นชอบการใช้บัญชีข้อมูลจังหวัดร่วมกัน",
        ),
    ),
    (
        ("ผล", "result"),
        (
            "ลดระยะเวลาดำเนินงานจาก 5 วันเหลือ 1 วัน",
            "ลดการใช้กระดาษได้ร้อยละ 60",
            "ประชาชนไม่ต้องเดินทางมาที่ศาลากลางจังหวัด",
            "ข้อผิดพลาดในการบันทึกข้อมูลลดลงครึ่งหนึ่ง",
            "ผู้บริหารเห็นสถานการณ์รายวันจากข้อมูลชุดเดียวกัน",
            "แจ้งเตือนประชาชนได้ล่วงหน้าอย่างน้อย 3 ชั่วโมง",
            "เจ้าหน้าที่ติดตามงานค้างได้ทุกวันโดยไม่ต้องรวบรวมเอกสาร",
        ),
    ),
    (
        ("โครงการ", "แผนงาน", "กระบวนการ", "กิจกรรม", "project", "process"),
        (
            "โครงการศูนย์ข้อมูลจังหวัด{place}",
            "โครงการแจ้งเตือนน้ำท่วมด้วยเซนเซอร์วัดระดับน้ำ",
            "โครงการลดสำเนาเอกสารในงานบริการ",
            "กระบวนการรับเรื่องร้องเรียนผ่านช่องทางเดียว",
            "โครงการแดชบอร์ดติดตามตัวชี้วัดจังหวัด",
            "กระบวนการสำรวจพื้นที่เกษตรด้วยภาพถ่ายทางอากาศ",
            "โครงการจัดทำบัญชีข้อมูลจังหวัด",
            "โครงการติดตามคุณภาพอากาศรายวัน",
            "กระบวนการบริหารพัสดุและครุภัณฑ์ด้วยคิวอาร์โค้ด",
            "โครงการให้คำปรึกษาสุขภาพทางไกล",
            "กระบวนการวิเคราะห์ข้อร้องเรียนเพื่อวางแผนงบประมาณ",
            "กระบวนการออกใบรับรองแบบดิจิทัล",
        ),
    ),
    (("หลักสูตร", "course"), ("การใช้ข้อมูลเพื่องานบริการ", "ความมั่นคงปลอดภัยไซเบอร์เบื้องต้น", "การออกแบบบริการดิจิทัล")),
    (("มาตรฐาน", "standard"), ("แนวปฏิบัติด้านความมั่นคงปลอดภัยของจังหวัด{place}",)),
    (("ตำแหน่ง", "position"), ("นักวิชาการคอมพิวเตอร์",)),
    (("จังหวัด", "province"), ("{place}",)),
    (("ที่ตั้ง", "สถานที่", "address", "place"), ("ศาลากลางจังหวัด{place} อำเภอเมือง{place}",)),
    (("นามสกุล", "last name"), ("ผู้ประสานงาน",)),
    (("ต่อ",), ("101",)),
    (("line", "social"), ("บัญชีทางการของจังหวัด{place}",)),
    (("mail",), ("sample@{host}",)),
    (("ชื่อ", "name"), ("เจ้าหน้าที่สำนักงานจังหวัด",)),
    (
        ("รายละเอียด", "detail"),
        (
            "ดำเนินการร่วมกับหน่วยงานในจังหวัดและรายงานผลต่อคณะกรรมการ",
            "ต้องการการสนับสนุนด้านงบประมาณและบุคลากรเพิ่มเติม",
            "มีแผนแก้ไขในปีงบประมาณถัดไป",
        ),
    ),
)
OTHER_PHRASES: Final = (
    "สิ่งที่จังหวัด{place}ดำเนินการเพิ่มเติมเอง",
    "แนวทางที่หน่วยงานในจังหวัดตกลงร่วมกัน",
    "กิจกรรมร่วมกับภาคเอกชนและสถาบันการศึกษา",
)
FORMAT_TEXTS: Final = {"email": "sample@{host}", "phone": "042-000-000"}

# Words of a label or unit → the range of a plausible number; the last one fits everything.
NUMBER_RANGES: Final[Sequence[tuple[tuple[str, ...], tuple[int, int]]]] = (
    (("ร้อยละ", "%"), (62, 94)),
    (("คะแนนเต็ม", "full marks"), (5, 5)),
    (("คะแนน", "score"), (3, 5)),
    (("ต่อปี", "a year"), (1, 4)),
    (("ชั่วโมง", "hours"), (8, 12)),
    (("คน", "people"), (60, 400)),
    (("ครั้ง", "times"), (10, 120)),
    (("บริการ", "service"), (6, 40)),
    (("",), (2, 30)),
)
URL_PATTERNS: Final[Sequence[tuple[tuple[str, ...], str]]] = (
    (("ข้อมูล", "ช่องทาง", "data"), "https://data.{host}/dataset/sample-{n}"),
    (("ประกาศ", "แผน", "plan"), "https://www.{host}/news/sample-{n}"),
    (("บริการ", "service"), "https://service.{host}/sample-{n}"),
    (("",), "https://www.{host}/sample-{n}"),
)
# A month that lies ahead of the evidence period: when something is expected to be done.
FUTURE_WORDS: Final = ("คาดว่า", "expected", "should be")


def matches_label(words: Sequence[str], label: str) -> bool:
    """Whether one of the words is in a label."""
    low = label.lower()
    return any(word in low for word in words)


class Phrases:
    """Draws phrases, those used least first."""

    def __init__(self, rng: Random, setting: SampleSetting) -> None:
        self.rng = rng
        self.setting = setting
        self.used: Counter[str] = Counter()

    def text(self, label: str, form: str | None) -> str:
        """A text for a field with this label; `form`: "email" or "phone" where the field is one."""
        if form in FORMAT_TEXTS:
            return FORMAT_TEXTS[form].replace("{host}", self.setting.host)
        phrases = next((phrases for words, phrases in TEXT_PHRASES if matches_label(words, label)), OTHER_PHRASES)
        rarest = min(self.used[p] for p in phrases)
        phrase = self.rng.choice([p for p in phrases if self.used[p] == rarest])
        self.used[phrase] += 1
        return SAMPLE_PREFIX + self.setting.fill(phrase).replace("{host}", self.setting.host)

    def url(self, label: str) -> str:
        """A web address under the setting's host."""
        pattern = next(page for words, page in URL_PATTERNS if matches_label(words, label))
        return pattern.format(host=self.setting.host, n=self.rng.randint(1, 99))

    def between(self, label: str) -> tuple[int, int]:
        """The range of a plausible number for this label and unit."""
        return next(pair for words, pair in NUMBER_RANGES if matches_label(words, label))
