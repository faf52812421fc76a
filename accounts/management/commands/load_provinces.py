"""manage.py load_provinces: loads the provinces of the reviewed file into the database."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.actions import change_province, create_province
from accounts.models import Province
from accounts.models.places import Region
from dgready.yaml_source import SourceError, read_yaml_data
from dgready.yaml_upload import prove_yaml_file

_REQUIRED_KEYS = {"code", "name_th", "name_en", "region"}


def province_file_faults(rows: Any) -> list[str]:
    """Faults of the file's rows, one line each; empty when it can be loaded."""
    if not isinstance(rows, list):
        return ["the file is not a list"]
    faults, seen_codes = [], set()
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, dict) or not row.keys() >= _REQUIRED_KEYS:
            faults.append(f"entry {number}: needs {', '.join(sorted(_REQUIRED_KEYS))}")
            continue
        if row["region"] not in Region.values:
            faults.append(f"entry {number}: no region {row['region']!r}")
        if row["code"] in seen_codes:
            faults.append(f"entry {number}: {row['code']} again")
        seen_codes.add(row["code"])
    return faults


class Command(BaseCommand):
    """Idempotent: adds what is missing, corrects names and regions, removes nothing."""

    help = "Load the provinces of fixtures/provinces.yaml"

    def add_arguments(self, parser: CommandParser) -> None:
        """Command line options: another file."""
        parser.add_argument("file", nargs="?", default=str(settings.BASE_DIR / "fixtures" / "provinces.yaml"))

    @transaction.atomic
    def handle(self, *args: Any, file: str, **options: Any) -> None:
        """Check the whole file first; raises CommandError listing every fault."""
        try:
            data = read_yaml_data(prove_yaml_file(Path(file)))
        except (OSError, SourceError) as error:
            raise CommandError(f"{file}: {error}") from error
        rows = data.get("provinces", data) if isinstance(data, dict) else data
        if faults := province_file_faults(rows):
            raise CommandError(f"{file}:\n  " + "\n  ".join(faults))
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
