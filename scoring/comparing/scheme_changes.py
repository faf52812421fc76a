"""What changed between the schemes of two years, in words."""

from __future__ import annotations

from collections.abc import Iterator

from scoring.scheme import registry
from scoring.scheme.earlier import earlier_codes
from scoring.scheme.queries import get_scheme_of_year
from scoring.scheme.types import ScoringScheme
from survey.instrument.schema import CompiledInstrument, LocalizedText
from survey.linking.registry import links_into


def find_scheme_of_year(year: int) -> ScoringScheme | None:
    """The newest scheme of a framework year, if there is one."""
    try:
        return get_scheme_of_year(year).scheme
    except registry.MissingScheme:
        return None


def is_comparable(scheme: ScoringScheme, year: int) -> bool:
    """Whether an earlier year's pillars are those of this scheme: the same form, as far as its scheme says."""
    earlier = find_scheme_of_year(year)
    return earlier is not None and earlier.instrument == scheme.instrument


def list_changes_since(scheme: ScoringScheme, instrument: CompiledInstrument, year: int) -> Iterator[LocalizedText]:
    """Texts on each difference between an earlier year's scheme and this one that limits comparison."""
    earlier_scheme = find_scheme_of_year(year)
    if earlier_scheme is None:
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
    yield from _list_sub_pillar_changes(scheme, instrument, year)


def _list_sub_pillar_changes(
    scheme: ScoringScheme, instrument: CompiledInstrument, year: int
) -> Iterator[LocalizedText]:
    """Texts on each sub-pillar that was another one, part of another one, or none."""
    codes = earlier_codes(scheme, instrument, year)
    links = links_into(instrument)
    for code in scheme.sub_pillars if codes else ():
        was = links.sub_pillars_to(code) if links and links.year == year else ()
        joined = ", ".join(link.old for link in was)
        if code in codes:
            if codes[code] != code:
                text = f"ตัวชี้วัดย่อย {code} คือ {codes[code]} ของปี {year}"
                yield LocalizedText(text, f"{code} is {codes[code]} of {year}")
        elif was and was[0].relation == "split":
            text = f"ตัวชี้วัดย่อย {code} แยกมาจาก {joined} ของปี {year} จึงเทียบตรง ๆ ไม่ได้"
            yield LocalizedText(text, f"{code} was part of {joined} in {year}: not comparable")
        elif was:
            text = f"ตัวชี้วัดย่อย {code} รวมมาจาก {joined} ของปี {year} จึงเทียบตรง ๆ ไม่ได้"
            yield LocalizedText(text, f"{code} joins {joined} of {year}: not comparable")
        else:
            yield LocalizedText(f"ตัวชี้วัดย่อย {code} ไม่มีคู่ที่เทียบได้ในปี {year}", f"{code} has no counterpart in {year}")
