"""Titles of the heads of offices, and the seats the offices of a province usually have in its committee. PURE.

Thai officials are called by their office, and not every head is a หัวหน้า: a municipality has a นายกเทศมนตรี, a
chamber of commerce a ประธาน. The rules are tried in order; the first whose beginning fits says the title.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

# Beginning of the office's name → what stands before the rest of the name in the title of its head.
_RULES: Final[tuple[tuple[str, str], ...]] = (
    ("ที่ทำการปกครองจังหวัด", "ปลัดจังหวัด"),
    ("ที่ทำการปกครองอำเภอ", "นายอำเภอ"),
    ("ที่ว่าการอำเภอ", "นายอำเภอ"),
    ("สำนักงานจังหวัด", "หัวหน้าสำนักงานจังหวัด"),
    ("สำนักงานสาธารณสุขจังหวัด", "นายแพทย์สาธารณสุขจังหวัด"),
    ("สำนักงานที่ดินจังหวัด", "เจ้าพนักงานที่ดินจังหวัด"),
    ("สำนักงานป้องกันและบรรเทาสาธารณภัยจังหวัด", "หัวหน้าสำนักงานป้องกันและบรรเทาสาธารณภัยจังหวัด"),
    ("สำนักงานทรัพยากรธรรมชาติและสิ่งแวดล้อมจังหวัด", "ผู้อำนวยการสำนักงานทรัพยากรธรรมชาติและสิ่งแวดล้อมจังหวัด"),
    ("สำนักงานการท่องเที่ยวและกีฬาจังหวัด", "ท่องเที่ยวและกีฬาจังหวัด"),
    ("สำนักงานพระพุทธศาสนาจังหวัด", "ผู้อำนวยการสำนักงานพระพุทธศาสนาจังหวัด"),
    ("สำนักงานพัฒนาฝีมือแรงงาน", "ผู้อำนวยการสำนักงานพัฒนาฝีมือแรงงาน"),
    ("สำนักงานสรรพากรพื้นที่", "สรรพากรพื้นที่"),
    ("องค์การบริหารส่วน", "นายกองค์การบริหารส่วน"),
    ("เทศบาล", "นายกเทศมนตรี"),
    ("หอการค้า", "ประธานหอการค้า"),
    ("สภา", "ประธานสภา"),
    ("สมาคม", "นายกสมาคม"),
    ("อาชีวศึกษาจังหวัด", "ประธานกรรมการอาชีวศึกษาจังหวัด"),
    ("คณะ", "คณบดีคณะ"),
    ("มหาวิทยาลัย", "อธิการบดีมหาวิทยาลัย"),
    ("วิทยาลัย", "ผู้อำนวยการวิทยาลัย"),
    ("โรงพยาบาล", "ผู้อำนวยการโรงพยาบาล"),
    ("การไฟฟ้า", "ผู้จัดการการไฟฟ้า"),
    ("การประปา", "ผู้จัดการการประปา"),
    ("ธนาคาร", "ผู้จัดการธนาคาร"),
    ("โทรคมนาคมจังหวัด", "โทรคมนาคมจังหวัด"),
    ("ตำรวจภูธรจังหวัด", "ผู้บังคับการตำรวจภูธรจังหวัด"),
)
# สำนักงานสถิติจังหวัดหนองคาย is headed by the สถิติจังหวัดหนองคาย, and so are the other offices of this form.
_PROVINCIAL_HEAD: Final = re.compile(r"สำนักงาน(?P<title>[^\s]+จังหวัด.*)")

CHAIR, MEMBER, SECRETARY, CO_SECRETARY = "chair", "member", "secretary", "co_secretary"
# Who keeps the committee's papers, by the beginning of the office's name.
_SEATS: Final = {"สำนักงานจังหวัด": SECRETARY, "สำนักงานสถิติจังหวัด": CO_SECRETARY}


@dataclass(frozen=True, slots=True)
class ProposedMember:
    """A member as proposed for a new order: seat in the committee, post and office."""

    seat: str
    post: str
    office: str = ""


def head_title(office: str) -> str:
    """The title of the head of an office, by the office's Thai name."""
    name = " ".join(office.split())
    for beginning, title in _RULES:
        if name.startswith(beginning):
            return title + name.removeprefix(beginning)
    if found := _PROVINCIAL_HEAD.fullmatch(name):
        return found["title"]
    return f"หัวหน้า{name}"


def propose_members(chair: str, offices: Iterable[str]) -> Iterator[ProposedMember]:
    """The committee as it usually is: whoever approves chairs, heads of offices, secretaries last."""
    yield ProposedMember(CHAIR, chair)
    secretaries: list[ProposedMember] = []
    for office in offices:
        seat = next((s for beginning, s in _SEATS.items() if office.startswith(beginning)), MEMBER)
        proposed = ProposedMember(seat, head_title(office), office)
        if seat == MEMBER:
            yield proposed
        else:
            secretaries.append(proposed)
    yield from sorted(secretaries, key=lambda one: one.seat != SECRETARY)
