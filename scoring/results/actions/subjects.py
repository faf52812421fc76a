"""Whose figures a cell means: a province by its code or name, the average, the best province."""

from __future__ import annotations

import re
from collections.abc import Mapping

from accounts.models import Province
from dgready.typed.characters import fold_typed
from dgready.typed.codes import read_code
from dgready.typed.result import Understood
from scoring.models import OfficialResult

AVERAGE, BEST = OfficialResult.Label.AVERAGE, OfficialResult.Label.BEST
LABEL_NAMES = {
    "ค่าเฉลี่ย": AVERAGE,
    "เฉลี่ย": AVERAGE,
    "ค่าเฉลี่ยทุกจังหวัด": AVERAGE,
    "อันดับ 1": BEST,
    "จังหวัดอันดับ 1": BEST,
}  # as the template and people write them
_PREFIX = re.compile(r"^(จังหวัด|จ\.)\s*(?=\S)")


class Subjects:
    """Those that a table of results may be about. One query."""

    def __init__(self) -> None:
        self.provinces: Mapping[str, Province] = {p.code: p for p in Province.objects.provinces()}
        self.known = [*self.provinces, AVERAGE, BEST]
        names = {_fold(name): p.code for p in self.provinces.values() for name in (p.name_th, p.name_en) if name}
        self._names = names | {_fold(name): label for name, label in LABEL_NAMES.items()}

    def find(self, text: str) -> str | None:
        """The code of the province, or the label, that a text names; None where it names none."""
        result = read_code(text, self.known)
        if isinstance(result, Understood):
            return str(result.value)
        return self._names.get(_fold(text)) or self._names.get(_fold(_PREFIX.sub("", text.strip())))


def _fold(name: str) -> str:
    return fold_typed(name).casefold().replace(" ", "")
