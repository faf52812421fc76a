"""manage.py load_departments: loads the departments of the reviewed file into the database."""

from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.actions import RefusedError, change_department, create_department
from accounts.management.place_file import read_place_file
from accounts.models import Province

KEYS: Final = ("code", "name_th", "name_en", "ministry")


class Command(BaseCommand):
    """Idempotent: adds what is missing, corrects names and ministries, removes nothing."""

    help = "Load the departments of fixtures/departments.yaml"

    def add_arguments(self, parser: CommandParser) -> None:
        """Command line options: another file."""
        parser.add_argument("file", nargs="?", default=str(settings.BASE_DIR / "fixtures" / "departments.yaml"))

    @transaction.atomic
    def handle(self, *args: Any, file: str, **options: Any) -> None:
        """Check the whole file first; raises CommandError listing every fault."""
        rows = read_place_file(file, "departments", KEYS)
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
