"""The headings of the workbook with agencies and people of many provinces. PURE."""

from __future__ import annotations

from typing import Final

from accounts.lists import agency_list, people_list
from dgready.sheets.workbook import WantedHeadings

PROVINCE_HEADINGS: Final = ("จังหวัด", "Province", "รหัสจังหวัด", "Province code")
WANTED_AGENCIES: Final = WantedHeadings(
    {"province": PROVINCE_HEADINGS, **agency_list.HEADINGS}, ("province", "code", "name_th")
)
WANTED_PEOPLE: Final = WantedHeadings({"province": PROVINCE_HEADINGS, **people_list.HEADINGS}, ("province", "email"))
