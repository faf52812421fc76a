"""Faults of forms and link files in Thai, by the English of their readers; § stands for a name of the file. PURE."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

FILE_PHRASES: Final[Mapping[str, str]] = {
    "larger than § bytes": "ไฟล์ใหญ่เกิน § ไบต์",
    "line §: with its aliases written out, the file is too large": "เมื่อแทนการอ้างซ้ำทั้งหมดแล้วไฟล์ใหญ่เกินไป (บรรทัด §)",
    "line §: § contains itself": "§ อ้างถึงตัวเอง (บรรทัด §)",
    "takes too much time or memory to read": "อ่านไฟล์นี้ใช้เวลาหรือหน่วยความจำมากเกินไป",
    "the file is not a mapping": "ไฟล์ว่าง หรือไม่ใช่ YAML ที่เป็นรายการ “ชื่อ: ค่า”",
    "line §: key § is given twice": "ชื่อ § ซ้ำในที่เดียวกัน (บรรทัด §)",
    "line §: nested deeper than §": "ซ้อนกันลึกเกิน § ชั้น (บรรทัด §)",
}
# Where the Thai names the parts in another order than the English, by the order of the English.
ORDERS: Final[Mapping[str, tuple[int, ...]]] = {
    "line §: key § is given twice": (1, 0),
    "line §: nested deeper than §": (1, 0),
    "line §: § contains itself": (1, 0),
    "no option § in §": (1, 0),
    "§ is not an item of §": (1, 0),
    "the condition reads option §, which § lacks": (1, 0),
}
FORM_PHRASES: Final[Mapping[str, str]] = {
    "unknown sub-pillar §": "ไม่มีตัวชี้วัดย่อย §",
    "the condition reads an unknown answer §": "เงื่อนไขอ้างคำตอบ § ซึ่งไม่มี",
    "the condition reads §, which is not earlier": "เงื่อนไขอ้าง § ซึ่งไม่ได้อยู่ก่อนข้อนี้",
    "the condition reads option §, which § lacks": "เงื่อนไขอ้าง § ซึ่งไม่มีตัวเลือก §",
    "§ names no column and option of this table": "§ ไม่ตรงกับคอลัมน์และตัวเลือกของตารางนี้",
    "can never be reached: its conditions contradict each other": "ไม่มีทางเปิดได้ เพราะเงื่อนไขขัดกันเอง",
    "section id is used twice": "id ของหัวข้อซ้ำ",
    "unknown answer §": "ไม่มีคำตอบ §",
    "a condition is one operator, found §": "เงื่อนไขต้องมีตัวดำเนินการเดียว แต่พบ §",
    "unknown operator §": "ไม่รู้จักตัวดำเนินการ §",
    "§ needs a list of conditions": "§ ต้องตามด้วยรายการเงื่อนไข",
    "'answered' needs the address of an answer": "'answered' ต้องตามด้วยตำแหน่งของคำตอบ",
    "'in' needs [{answer: …}, [keys]]": "'in' ต้องเขียนเป็น [{answer: …}, [keys]]",
    "'has' needs [{answer: …}, key]": "'has' ต้องเขียนเป็น [{answer: …}, key]",
    "§ needs two operands: answer, count or number": "§ ต้องมีสองค่า แต่ละค่าเป็น answer, count หรือตัวเลข",
    "unknown kind §": "ไม่มีชนิดคำตอบ §",
    "id already used on line §": "id นี้ใช้แล้วที่บรรทัด §",
    "option key § is not a plain key": "key ของตัวเลือก § ใช้ได้เฉพาะ a–z 0–9 . _ -",
    "row key § is not a plain key": "key ของแถว § ใช้ได้เฉพาะ a–z 0–9 . _ -",
    "id § is not a plain id": "id § ใช้ได้เฉพาะ a–z 0–9 . _ -",
    "unknown evidence §": "ค่า evidence § ไม่มี",
    "a cell's option opens items through the row's `then`": "ตัวเลือกในช่องตารางเปิดข้ออื่นด้วย `then` ของแถว",
    "evidence or_url needs a url item among the option's `then`": "evidence or_url ต้องมีข้อชนิด url ใน `then` ของตัวเลือก",
    "`then` of a row is keyed column=option, found §": "`then` ของแถวต้องเขียนเป็น คอลัมน์=ตัวเลือก แต่พบ §",
    "a cell cannot be §": "ช่องตารางเป็นชนิด § ไม่ได้",
    "evidence § does not go with kind §": "evidence § ใช้กับชนิด § ไม่ได้",
    "kind § needs §": "ชนิด § ต้องมี §",
    "`tell_complete` is of choices of several outside a repeat": "`tell_complete` ใช้กับข้อที่เลือกได้หลายข้อ ซึ่งไม่อยู่ใน repeat",
    "a table needs rows": "ตารางต้องมีแถว",
    "kind § has no options": "ชนิด § มีตัวเลือกไม่ได้",
    "unknown answer set §": "ไม่มีชุดตัวเลือก §",
    "an option is a mapping, found §": "ตัวเลือกต้องเขียนเป็น {key: …, label: …} แต่พบ §",
    "§ § is given twice": "§ § ซ้ำ",
    "`§` is a list of mappings": "`§` ต้องเป็นรายการที่แต่ละรายการเป็น “ชื่อ: ค่า”",
    "a repeat needs rows: {min: …, max: …}": "repeat ต้องมี rows: {min: …, max: …}",
    "rows: min ≤ max, max ≥ 1": "rows: min ต้องไม่เกิน max และ max ไม่น้อยกว่า 1",
    "`§` needs {th: …, en: …}": "`§` ต้องเขียนเป็น {th: …, en: …}",
    "unknown key §": "ไม่รู้จักชื่อ §",
    "`§` is a whole number": "`§` ต้องเป็นจำนวนเต็ม",
    "`window` is none, period, {years: N} or {from: YYYY-MM-DD, to: YYYY-MM-DD}": (
        "`window` ต้องเป็น none, period, {years: N} หรือ {from: YYYY-MM-DD, to: YYYY-MM-DD}"
    ),
    "`window` ends before it begins": "`window` สิ้นสุดก่อนวันเริ่ม",
    "`window` needs `windows: per_item` in the head of the file": "ใช้ `window` ได้เมื่อหัวไฟล์มี `windows: per_item`",
    "`agency_kinds` goes with `answered_by: each_agency`, and is needed there": (
        "`agency_kinds` ใช้กับ `answered_by: each_agency` เท่านั้น และแบบนั้นต้องมี"
    ),
    "`codes` is a list of codes of agencies": "`codes` ต้องเป็นรายการรหัสหน่วยงาน",
    "`respondents` is province or department": "`respondents` ต้องเป็น province หรือ department",
    "another version of this form is answered by others": (
        "แบบสำรวจนี้อีกฉบับหนึ่งมีผู้ตอบเป็นชนิดอื่น `respondents` ต้องเหมือนกันทุกฉบับ"
    ),
    "`windows` is per_item, or left out": "`windows` ต้องเป็น per_item หรือไม่ต้องเขียน",
    "`words` is a list of texts": "`words` ต้องเป็นรายการข้อความ",
    "key already used on line §": "key นี้ใช้แล้วที่บรรทัด §",
    "key § is not a plain key": "key § ใช้ได้เฉพาะ a–z 0–9 . _ -",
    "no page of the form uses this term": "ไม่มีหน้าใดของแบบใช้คำนี้",
    "`§`: unknown placeholder §": "`§`: ไม่รู้จัก § ในวงเล็บปีกกา",
    "§ needs the address of an answer": "§ ต้องตามด้วยตำแหน่งของคำตอบ",
    "`§` is a date YYYY-MM-DD": "`§` ต้องเป็นวันที่แบบ YYYY-MM-DD (ค.ศ.)",
}
PROOF_PHRASES: Final[Mapping[str, str]] = {
    "`address` begins with https:// and names a host, found §": "`address` ต้องขึ้นต้นด้วย https:// และมีชื่อเว็บไซต์ แต่พบ §",
    "`links` is a list of keys of `references`": "`links` ต้องเป็นรายการ key ของ `references`",
    "no evidence place is there or below": "ไม่มีจุดหลักฐานที่ตำแหน่งนี้หรือใต้ตำแหน่งนี้",
    "no proof links to it": "ไม่มี `proof` ใดอ้างถึง",
    "no reference §": "ไม่มี § ใน `references`",
    "nothing says what `§` is at §": "ยังไม่ได้บอก `§` ของจุดหลักฐาน §",
}
LINK_PHRASES: Final[Mapping[str, str]] = {
    "no form § §: neither beside the file nor loaded": "ไม่มีแบบ § ปี § ในระบบ โปรดนำแบบเข้าก่อน",
    "no published figures: § is not there": "ไม่มีตารางตัวเลขที่ประกาศ §",
    "§ has § fault(s)": "§ มีจุดที่ต้องแก้ § จุด",
    "§ does not join § question(s) with §": "§ ใช้กับข้อเดิม § ข้อและข้อใหม่ § ข้อไม่ได้",
    "no published figure has this code": "ไม่มีตัวเลขที่ประกาศของเลขข้อนี้",
    "no published figure of §": "ไม่มีตัวเลขที่ประกาศของ §",
    "nothing is said of this code of the published figures": "ยังไม่ได้บอกว่าเลขข้อนี้ของตัวเลขที่ประกาศเป็นอย่างไร",
    "line §: codes: § is not §": "บรรทัด § codes: § ต้องเป็น §",
    "no from and to with instrument and year: §": "ต้องมี from และ to พร้อม instrument และ year (§)",
    "§ is not known here": "ใช้ชื่อ § ที่นี่ไม่ได้",
    "relation § is none of §": "relation § ต้องเป็นหนึ่งใน §",
    "§ is no question of the old form": "แบบเดิมไม่มีข้อ §",
    "§ is no question of the new form": "แบบใหม่ไม่มีข้อ §",
    "§ is no sub-pillar of the new form": "แบบใหม่ไม่มีตัวชี้วัดย่อย §",
    "§ is no field of these questions in the new form": "§ ไม่ใช่ช่องคำตอบของข้อเหล่านี้ในแบบใหม่",
    "§ is no part of these questions in the old form": "§ ไม่ใช่ส่วนของข้อเหล่านี้ในแบบเดิม",
    "§ is no part of these questions in the new form": "§ ไม่ใช่ส่วนของข้อเหล่านี้ในแบบใหม่",
    "options of §, which is no part of these questions": "options ของ § ซึ่งไม่ใช่ส่วนของข้อเหล่านี้",
    "§ has no option §": "§ ไม่มีตัวเลือก §",
    "figures are of a form that is known by published figures only": "figures ใช้กับแบบที่มีแต่ตัวเลขที่ประกาศเท่านั้น",
    "note needs {th: …, en: …}": "note ต้องเขียนเป็น {th: …, en: …}",
    "nothing is said of this question of the old form": "ยังไม่ได้บอกว่าข้อนี้ของแบบเดิมเป็นอย่างไร",
    "is known from the two forms": "ไม่ต้องเขียน ระบบรู้จากแบบทั้งสอง",
    "is said more than once": "พูดถึงมากกว่าหนึ่งครั้ง",
    "§ is linked, so it is not new": "§ เชื่อมโยงแล้ว จึงไม่ใช่ข้อใหม่",
    "§ is no mapping": "§ ต้องเขียนเป็น “ชื่อ: ค่า”",
    "is § §, not § §": "คือ § ปี § ไม่ใช่ § ปี §",
}
