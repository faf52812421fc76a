"""The paper form of an instrument as a PDF gives it: boxes, codes, blank lines, a note, and some broken words."""

from collections.abc import Iterator

from survey.instrument.schema import CompiledInstrument, Item

BOX = "\uf081"
NOTE = "หมายเหตุ ให้ตอบตามจริง"
DEFINITION = "หมายเหตุ: จังหวัด หมายถึง หน่วยงานทุกแห่งในจังหวัด"


def printed_form(instrument: CompiledInstrument, words: str = "ของท่าน") -> str:
    """All items of the form in order; the wording of each question is ours with `words` added."""
    lines = [DEFINITION, ""]
    for section in instrument.sections:
        for item in section.items:
            lines += _item(item, words)
    return "\n".join(lines)


def _item(item: Item, words: str) -> Iterator[str]:
    if item.code:
        yield f"{item.code} {item.ask.th} {words}"
        yield ""
        yield NOTE
        yield ""
    else:
        yield item.ask.th
        yield ""
    for column in item.columns:
        yield from (column.label.th, "")
        for option in column.options:
            yield from (option.label.th, "")
    for option in (o for o in item.options if not o.own):
        yield f"{BOX} {option.label.th} (แนบเอกสารหลกัฐาน)"
        for opened in option.then:
            yield from _item(opened, words)
    for row in item.rows:
        yield from (f"{row.key}. {row.label.th}" if row.key and row.key.isdigit() else row.label.th, "")
        for opened in (i for items in row.then.values() for i in items):
            yield from _item(opened, words)
    for child in (i for i in item.items if not i.own):
        yield from _item(child, words)
