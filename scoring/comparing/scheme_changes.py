"""What changed between the schemes of two years, in words."""

from __future__ import annotations

from collections.abc import Iterator

from scoring.scheme import registry
from scoring.scheme.types import ScoringScheme
from survey.instrument.schema import LocalizedText


def is_comparable(scheme: ScoringScheme, year: int) -> bool:
    """Whether an earlier year's pillars are those of this scheme: the same form, as far as its scheme says."""
    try:
        return registry.get_scheme_by_year(year).scheme.instrument == scheme.instrument
    except registry.MissingScheme:
        return False


def list_changes_since(scheme: ScoringScheme, year: int) -> Iterator[LocalizedText]:
    """Texts on each difference between an earlier year's scheme and this one that limits comparison."""
    try:
        earlier_scheme = registry.get_scheme_by_year(year).scheme
    except registry.MissingScheme:
        yield LocalizedText(
            f"ไม่มีเกณฑ์ของปี {year} ในระบบ จึงเทียบได้เฉพาะคะแนนรวม", f"No scheme of {year} is known: only totals are shown"
        )
        return
    if earlier_scheme.instrument != scheme.instrument:
        names = ", ".join(f"{p.name.th} {p.weight.value} %" for p in earlier_scheme.pillars)
        english = ", ".join(f"{p.name.en} {p.weight.value} %" for p in earlier_scheme.pillars)
        yield LocalizedText(
            f"ปี {year} ใช้แบบสำรวจคนละกรอบ ({names}) แสดงเฉพาะคะแนนรวม และไม่ควรเทียบตรง ๆ",
            f"{year} used another framework ({english}): only totals are shown, and not as equals",
        )
        if earlier_scheme.respondents is not None:
            yield LocalizedText(
                f"ปี {year} แต่ละหน่วยงานตอบเอง คะแนนจังหวัดคือค่าเฉลี่ย",
                f"In {year} each agency answered for itself; a province is their mean",
            )
        return
    weights = {p.number: p.weight.value for p in earlier_scheme.pillars}
    for pillar in scheme.pillars:
        old_weight, new_weight = weights.get(pillar.number), pillar.weight.value
        if old_weight is not None and old_weight != new_weight:
            number = pillar.number
            yield LocalizedText(
                f"ตัวชี้วัด {number} น้ำหนักเปลี่ยนจาก {old_weight} เป็น {new_weight}",
                f"Pillar {number}: weight {old_weight} → {new_weight}",
            )
    links = scheme.earlier_codes.get(year, {})
    for code in scheme.sub_pillars:
        if not links:
            break
        if code not in links:
            yield LocalizedText(f"ตัวชี้วัดย่อย {code} ไม่มีคู่ที่เทียบได้ในปี {year}", f"{code} has no counterpart in {year}")
        elif links[code] != code:
            yield LocalizedText(f"ตัวชี้วัดย่อย {code} คือ {links[code]} ของปี {year}", f"{code} is {links[code]} of {year}")
