"""manage.py load_provinces: loads the provinces of the reviewed file into the database."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.actions import change_province, create_province
from accounts.management.place_file import read_place_file
from accounts.models import Province
from accounts.models.places import Region

_REQUIRED_KEYS = {"code", "name_th", "name_en", "region"}


def unknown_region(row: Mapping[str, Any]) -> str:
    """Says that there is no such region; empty when there is."""
    return "" if row["region"] in Region.values else f"no region {row['region']!r}"


class Command(BaseCommand):
    """Idempotent: adds what is missing, corrects names and regions, removes nothing."""

    help = "Load the provinces of fixtures/provinces.yaml"

    def add_arguments(self, parser: CommandParser) -> None:
        """Command line options: another file."""
        parser.add_argument("file", nargs="?", default=str(settings.BASE_DIR / "fixtures" / "provinces.yaml"))

    @transaction.atomic
    def handle(self, *args: Any, file: str, **options: Any) -> None:
        """Check the whole file first; raises CommandError listing every fault."""
        rows = read_place_file(file, "provinces", _REQUIRED_KEYS, unknown_region)
        present = {province.code: province for province in Province.objects.provinces()}
        for row in rows:
            wanted = {key: row[key] for key in _REQUIRED_KEYS}
            try:
                if row["code"] in present:
                    change_province(by=None, province=present[row["code"]], **wanted)
                else:
                    create_province(by=None, **wanted)
            except ValidationError as error:
                raise CommandError(f"{row['code']}: {error}") from error
        self.stdout.write(f"{len(rows)} provinces, {len(rows) - len(present.keys() & {r['code'] for r in rows})} new")
