"""How the figures of a year are made, from its form and scheme: what is official, assumed, how it is counted. PURE."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, Final

from dgready.localized_text import LocalizedText
from scoring.scheme.sourced import SourcedNumber
from scoring.scheme.types import ScoringScheme
from survey.instrument.schema import CompiledInstrument

Json = dict[str, Any]
# Source: national.md, Rules of computing.
RULES: Final = (
    LocalizedText(
        "นับคำตอบระดับจังหวัดที่ผู้ว่าราชการจังหวัดอนุมัติแล้ว ตามที่เป็นอยู่ในเวลาที่เผยแพร่",
        "Counted are the provincial answers that the governors have approved, as they stand when this is released.",
    ),
    LocalizedText(
        "ทุกตัวเลขบอกฐาน: จำนวนจังหวัดที่ถูกถาม (ข้ออยู่ในเส้นทางของแบบ) จำนวนที่ตอบ และ n ที่ใช้คิดร้อยละ",
        "Every figure tells its base: provinces asked (it is on their path), answered, and the n of its shares.",
    ),
    LocalizedText(
        "ไม่ทราบ ได้รับยกเว้น และไม่เกี่ยวข้องกับภารกิจ นับแยก การไม่ตอบไม่ใช่คำตอบว่าไม่มี และค่าว่างไม่ใช่ 0",
        "Unknown, exempt and not relevant are counted apart; no answer is never “none”, and nothing is not 0.",
    ),
    LocalizedText(
        "เหตุผลที่จังหวัดเขียนเอง ส่วนกลางจัดเข้าบัญชีเหตุผล ข้อความที่ยังไม่จัดนับเป็นแถวของตัวเอง",
        "Reasons in provinces' own words are put into a list by the centre; texts not in it are a row of their own.",
    ),
    LocalizedText(
        "กลุ่มที่มีจังหวัดตอบน้อยกว่า 3 จังหวัดไม่เผยแพร่",
        "Groups of which fewer than 3 provinces answered are not released.",
    ),
    LocalizedText(
        "ระดับใช้ผลที่ประกาศเมื่อมี มิฉะนั้นเป็นค่าประมาณจากคำตอบตามเกณฑ์ด้านล่าง",
        "Levels are those published where there are any, else estimated from the answers by the scheme below.",
    ),
)


# Of a year that each agency answers. Source: national.md, "2559, the older survey".
AGENCY_RULES: Final = (
    LocalizedText(
        "แต่ละหน่วยงานตอบแบบสำรวจทั้งฉบับของตนเอง นับหน่วยงานที่ส่งครบทุกส่วนแล้ว ตามที่เป็นอยู่ในเวลาที่เผยแพร่",
        "Each agency answers the whole form for itself. Counted are those that handed all of it in, as they stand when"
        " this is released.",
    ),
    LocalizedText(
        "องค์ประกอบของจังหวัดเฉลี่ยเท่ากันทุกหน่วยงานที่ตอบ มิติและคะแนนรวมถ่วงน้ำหนักตามเกณฑ์ด้านล่าง",
        "A component of a province is the plain mean of its agencies that answered; dimensions and total are weighted"
        " by the scheme below.",
    ),
    LocalizedText(
        "ค่าเฉลี่ยของประเทศเฉลี่ยจากจังหวัด จังหวัดที่มีหน่วยงานตอบน้อยจึงมีน้ำหนักเท่าจังหวัดอื่น",
        "The mean of the nation is that of its provinces, so that a province of few answers weighs as much as others.",
    ),
    LocalizedText(
        "หน่วยงานที่ไม่ตอบ และองค์ประกอบที่หน่วยงานไม่มีคำตอบ ไม่นับเป็น 0 ทุกค่าเฉลี่ยบอกว่าเฉลี่ยจากเท่าใด",
        "An agency that is silent, or a component that it left out, is no 0; every mean says of how many it is.",
    ),
    LocalizedText(
        "ค่าเฉลี่ยจากน้อยกว่า 3 จังหวัด และกลุ่มที่มีจังหวัดตอบน้อยกว่า 3 จังหวัด ไม่เผยแพร่",
        "Means of fewer than 3 provinces, and groups of which fewer than 3 provinces answered, are not released.",
    ),
)


def describe_method(form: CompiledInstrument, scheme: ScoringScheme | None, checksum: str) -> Json:
    """The method of a year as JSON. `checksum`: of the scheme's file; "" without a scheme."""
    return {
        "rules": [rule.json() for rule in (AGENCY_RULES if form.answering.is_each_agency else RULES)],
        "form": {"key": form.key, "year": form.year, "version": form.version, "title": form.title.json()},
        "pillars": {pillar.number: pillar.name.json() for pillar in form.pillars},
        "scheme": None if scheme is None else _scheme(form, scheme, checksum),
    }


def _scheme(form: CompiledInstrument, scheme: ScoringScheme, checksum: str) -> Json:
    levels = scheme.levels
    return {
        "key": scheme.key,
        "version": scheme.version,
        "title": scheme.title.json(),
        "sha256": checksum,
        "origins": dict(sorted(Counter(number.origin for number in _numbers(scheme)).items())),
        "weights": list(_weights(form, scheme)),
        "levels": None
        if levels is None
        else {
            "bands": [
                {"level": b.level, "up_to": _plain(b.edge), "inclusive": b.inclusive if b.edge is not None else None}
                for b in levels.bands
            ],
            "index": levels.index.value,
            "rounding": levels.rounding.value,
            "origin": levels.origin,
            "source": levels.source.json(),
        },
        "not_counted": [
            {"question": one.question, "why": one.why.json(), "origin": one.origin} for one in scheme.not_counted
        ],
    }


def _weights(form: CompiledInstrument, scheme: ScoringScheme) -> Iterator[Json]:
    """Pillars and sub-pillars in order, each with its weight and where that is from."""
    names = {pillar.number: pillar.name for pillar in form.pillars}
    for pillar in scheme.pillars:
        name = names.get(pillar.number, pillar.name)
        yield {"code": pillar.number, "kind": "pillar", "name": name.json(), **_sourced(pillar.weight)}
        for sub in pillar.sub_pillars:
            named = form.sub_pillars.get(sub.code)
            told = (named.name if named else sub.name).json()
            outside = {"external": True} if sub.is_external else {}
            yield {"code": sub.code, "kind": "sub_pillar", "name": told, **_sourced(sub.weight), **outside}


def _sourced(number: SourcedNumber | None) -> Json:
    if number is None:
        return {"weight": None, "origin": None}
    return {"weight": _plain(number.value), "origin": number.origin, "source": number.source.json()}


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"


def _numbers(scheme: ScoringScheme) -> Iterable[SourcedNumber]:
    """Every weight and every step of the scheme."""
    for pillar in scheme.pillars:
        yield pillar.weight
        for sub in pillar.sub_pillars:
            if sub.weight is not None:
                yield sub.weight
            for criterion in sub.walk():
                yield from (step.points for step in criterion.steps)
                yield from criterion.points.values()
