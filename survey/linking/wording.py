"""Names of the relations between the questions of two years, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from survey.linking.links import YearLinks

RELATION_NAMES: Mapping[str, str | Promise] = {
    "same": gettext_lazy("ข้อเดิม"),
    "reworded": gettext_lazy("ปรับถ้อยคำหรือตัวเลือก"),
    "split": gettext_lazy("แยกเป็นหลายข้อ"),
    "merged": gettext_lazy("รวมจากหลายข้อ"),
    "dropped": gettext_lazy("ไม่ถามแล้ว"),
}


def earlier_question_text(links: YearLinks | None, question: str) -> str:
    """What a question was in the earlier form, in one line: year, codes, relation. Empty where nothing is known."""
    found = links.links_to(question) if links else ()
    if links is None or not found:
        return ""
    codes = ", ".join(code for link in found for code in link.old)
    relations = dict.fromkeys(str(RELATION_NAMES[link.relation]) for link in found)
    words = {"year": links.year, "codes": codes, "relation": ", ".join(relations)}
    return _("ปี %(year)s: ข้อ %(codes)s (%(relation)s)") % words
