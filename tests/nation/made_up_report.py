"""A national report made by hand: every kind of block, a figure that is not told, texts that look like formulas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from dgready.localized_text import LocalizedText
from nation.facts.types import BlockKind, ChartShape, FactBlock, FactRow, NationalReport, Population

YEAR = 2568
BEFORE = ("15.25", "25.25", "30.50", "20.00", "9.00")
LEVELS = ("เริ่มต้น", "ขั้นต้น", "ขั้นกลาง", "ขั้นสูง", "ขั้นสูงสุด")


def text(th: str, en: str = "") -> LocalizedText:
    return LocalizedText(th, en or f"en {th}")


def share(count: int, base: int) -> Decimal:
    return (Decimal(count * 100) / base).quantize(Decimal("0.01"))


def row(key: str, count: int, codes: Sequence[str], *, before: str = "", label: str = "", base: int = 0) -> FactRow:
    """A row counted of provinces."""
    count = min(count, len(codes))
    return FactRow(
        key,
        text(label or f"ตัวเลือก {key}"),
        count,
        share(count, base or len(codes)),
        base=base or None,
        provinces=tuple(codes[:count]),
        before=Decimal(before) if before else None,
    )


def levels(codes: Sequence[str], shift: int = 0, *, compared: bool = False, prefix: str = "") -> tuple[FactRow, ...]:
    """A row for each level."""
    found = []
    for level, name in enumerate(LEVELS, start=1):
        own = [code for index, code in enumerate(codes) if (index + shift) % 5 + 1 == level]
        share_ = share(len(own), len(codes))
        before = Decimal(BEFORE[level - 1]) if compared else None
        found.append(FactRow(f"{prefix}{level}", text(name), len(own), share_, provinces=tuple(own), before=before))
    return tuple(found)


def stacked(codes: Sequence[str], keys: Sequence[str]) -> tuple[FactRow, ...]:
    n = len(codes)
    return tuple(
        FactRow(key, text(f"แถว {key}"), n, base=n, provinces=tuple(codes), parts=levels(codes, at, prefix=f"{key}:"))
        for at, key in enumerate(keys)
    )


def table_rows(codes: Sequence[str]) -> tuple[FactRow, ...]:
    """Stacked rows with bases of their own."""
    n = len(codes)
    return tuple(
        FactRow(
            f"P2.1/{key}",
            text(f"แถวของตาราง {key}"),
            base=base,
            parts=tuple(row(k, c, codes, base=base) for k, c in parts),
        )
        for key, base, parts in (("a", n + 4, (("done", 2), ("none", 1))), ("b", n + 9, (("done", 1), ("none", 3))))
    )


def blocks(codes: Sequence[str]) -> tuple[FactBlock, ...]:
    """One block of every kind at least."""
    n = len(codes)

    def block(
        key: str, kind: BlockKind, section: str, rows: tuple[FactRow, ...], shape: str = "", **more: object
    ) -> FactBlock:
        asked = int(str(more.pop("asked", n)))
        about = {"sentence": text(f"ประโยคของ {key}"), "note": text(f"หมายเหตุของ {key}"), **more}
        title = text(f"เรื่อง {key}")
        return FactBlock(key, kind, section, title, asked, n, n, rows, shape=ChartShape(shape), **about)  # type: ignore[arg-type]

    hidden = FactRow("few", text("มีน้อย"), 2, Decimal("2.63"), provinces=tuple(codes[:2]), hidden=True)
    advice = FactRow("1:1", text("ควรเริ่มจากแผนข้อมูล"))
    rates = (row("approved", 5, codes, before="91.30"), row("submitted", 3, codes))
    several = (row("a", 7, codes, before="40.00"), replace(row("b", 1, codes), of_all=Decimal("1.32")))
    reasons = (row("r1", 2, codes, label='=HYPERLINK("x")', base=9), hidden)
    known = FactRow("sum", text("รวมทั้งสิ้น"), min(3, n), value=Decimal("12345.50"), provinces=tuple(codes[:3]))
    return (
        block("rates", BlockKind.RATES, "", rates, "bars"),
        block("levels.total", BlockKind.LEVELS, "", levels(codes, compared=True), "stacked"),
        block("levels.pillars", BlockKind.LEVELS, "", stacked(codes, ("1", "2")), "stacked"),
        block("advice", BlockKind.ADVICE, "", (replace(row("1", 2, codes), parts=(advice,)),)),
        block("question.G1", BlockKind.ONE, "G", (row("yes", 4, codes), row("no", 2, codes)), "donut"),
        block("levels.1", BlockKind.LEVELS, "1", stacked(codes, ("1.1", "1.2")), "stacked"),
        block("question.P1.1", BlockKind.SEVERAL, "1", several, "bars"),
        block("question.P1.2", BlockKind.ONE, "1", (row("done", 3, codes), row("unknown", 1, codes), hidden), "donut"),
        block("reasons.P1.2", BlockKind.REASONS, "1", reasons, "bars"),
        block("years.P1.2", BlockKind.YEARS, "1", (row("2570", 2, codes), row("2571", 1, codes)), "bars"),
        block("table.P2.1", BlockKind.TABLE, "2", table_rows(codes), "stacked", asked=n + 20),
        block("numbers.P2.2", BlockKind.NUMBERS, "2", (known,)),
        block("repeats.P2.3", BlockKind.REPEATS, "2", (row("0", 4, codes), row("1-3", 2, codes)), "bars"),
        block("examples.P2.3", BlockKind.EXAMPLES, "2", (FactRow("x1", text("+ตัวอย่างโครงการ")),)),
    )


def made_up_report(codes: Sequence[str] = ("TH-91", "TH-92"), population: Population | None = None) -> NationalReport:
    """The report of these provinces."""
    return NationalReport(population or Population(YEAR), tuple(codes), len(codes) + 1, blocks(codes))


def large_report(codes: Sequence[str], times: int = 30) -> NationalReport:
    """As many blocks as a whole form gives, with texts as long as its own."""
    many = []
    for number in range(times):
        for one in blocks(codes):
            title = text(one.title.th + " ข้อความยาวเท่าคำถามจริง" * 6, one.title.en + " as long as a question" * 6)
            many.append(replace(one, key=f"{one.key}.{number}", section=one.section or "4", title=title))
    return NationalReport(Population(YEAR), tuple(codes), len(codes), tuple(many))
