"""manage.py load_departments: loads the departments of the reviewed file into the database."""

from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.actions import RefusedError, change_department, create_department
from accounts.models import Province
from dgready.yaml_source import SourceError, read_yaml_data
from dgready.yaml_upload import prove_yaml_file

KEYS: Final = ("code", "name_th", "name_en", "ministry")


def department_file_faults(rows: Any) -> list[str]:
    """Faults of the file's rows, one line each; empty when it can be loaded."""
    if not isinstance(rows, list):
        return ["the file is not a list"]
    faults, seen = [], set()
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, dict) or not row.keys() >= set(KEYS):
            faults.append(f"entry {number}: needs {', '.join(KEYS)}")
            continue
        if row["code"] in seen:
            faults.append(f"entry {number}: {row['code']} again")
        seen.add(row["code"])
    return faults


class Command(BaseCommand):
    """Idempotent: adds what is missing, corrects names and ministries, removes nothing."""

    help = "Load the departments of fixtures/departments.yaml"

    def add_arguments(self, parser: CommandParser) -> None:
        """Command line options: another file."""
        parser.add_argument("file", nargs="?", default=str(settings.BASE_DIR / "fixtures" / "departments.yaml"))

    @transaction.atomic
    def handle(self, *args: Any, file: str, **options: Any) -> None:
        """Check the whole file first; raises CommandError listing every fault."""
        try:
            data = read_yaml_data(prove_yaml_file(Path(file)))
        except (OSError, SourceError) as error:
            raise CommandError(f"{file}: {error}") from error
        rows = data.get("departments", data) if isinstance(data, dict) else data
        if faults := department_file_faults(rows):
            raise CommandError(f"{file}:\n  " + "\n  ".join(faults))
        present = {one.code: one for one in Province.objects.departments()}
        for row in rows:
            wanted = {key: str(row[key]) for key in KEYS}
            try:
                if wanted["code"] in present:
                    change_department(by=None, department=present[wanted["code"]], **wanted)
                else:
                    create_department(by=None, **wanted)
            except (ValidationError, RefusedError) as error:
                raise CommandError(f"{row['code']}: {error}") from error
        new = len(rows) - len(present.keys() & {row["code"] for row in rows})
        self.stdout.write(f"{len(rows)} departments, {new} new")
