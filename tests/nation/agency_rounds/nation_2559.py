"""The made-up nation of 2559: seven kinds of agency in 76 provinces, of which as many answer as was printed. PURE.

Printed (egov-2559): 466 of 532; by kind 76, 70, 65, 65, 65, 63, 62; by post 70 %, online 17 %, by e-mail 13 %;
provinces by number of agencies answering 57, 18, 13, 7 and 5 %. Of these shares only 43, 14, 10, 4 and 5 provinces with
7, 6, 5, 4 and 3 agencies add up to 76 provinces and 466 agencies: the 5 % belong to four agencies, the 7 % to three.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

ANSWERED_BY_KIND = {
    "provincial-office": 76,
    "social-security": 70,
    "business-development": 65,
    "industry": 65,
    "agriculture": 65,
    "revenue": 63,
    "tourism": 62,
}
PROVINCES = 76
PROVINCES_BY_NUMBER = {7: 43, 6: 14, 5: 10, 4: 4, 3: 5}
CHANNELS = {"paper": 326, "online": 79, "workbook": 61}


def silent_kinds() -> list[frozenset[str]]:
    """For each province the kinds of agency that do not answer there."""
    left = {kind: PROVINCES - answered for kind, answered in ANSWERED_BY_KIND.items()}
    silent = []
    for number, provinces in sorted(PROVINCES_BY_NUMBER.items()):
        for _ in range(provinces):
            kinds = sorted(left, key=lambda kind: -left[kind])[: len(left) - number]
            for kind in kinds:
                left[kind] -= 1
            silent.append(frozenset(kinds))
    assert not any(left.values()), left
    return silent


def channels() -> Iterator[str]:
    """A channel for each answer, mixed over provinces and kinds."""
    answered, given = sum(CHANNELS.values()), dict.fromkeys(CHANNELS, 0)
    for place in range(1, answered + 1):
        channel = max(CHANNELS, key=lambda one: CHANNELS[one] * place / answered - given[one])
        given[channel] += 1
        yield channel


def score(province: int, kind: int, component: int) -> int:
    """What an agency gave itself: 0–100, another in each province, kind and component, around what the province is."""
    return min(100, 30 + province % 45 + (7 * kind + 11 * component + 5 * province) % 30)


def scores(province: int, kind: int, codes: list[str]) -> dict[str, Decimal]:
    """The scores of an agency by component."""
    return {code: Decimal(score(province, kind, place)) for place, code in enumerate(codes)}
