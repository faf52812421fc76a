"""manage.py import form: a filled workbook from the shell, with its changes, faults and conflicts as text or JSON."""  # noqa: N999 - the word that the command is called by

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Q

from accounts.models import Agency, User
from accounts.roles import Capability
from dgready.limits import TooLargeError, read_limited
from reports.offline_form.actions import apply_returned
from reports.offline_form.preview import change_json
from reports.offline_form.queries import FormPlace, compare_returned, read_returned, require_own_form, writable_items
from reports.offline_form.returned import NotThisForm, ReturnedForm
from survey.instrument.queries import compiled_instrument
from survey.models import Round


class Command(BaseCommand):
    """`import form FILE.xlsx [--dry-run] [--by E-MAIL] [--format json]`; exit code 1 where cells have faults."""

    help = "Bring a filled workbook back: an agency's offline form, or the secretariat's workbook of all answers."

    def add_arguments(self, parser: CommandParser) -> None:
        """The verb `form`; the file itself says whose workbook it is."""
        sub = parser.add_subparsers(dest="verb", required=True, parser_class=ArgumentParser)
        form = sub.add_parser("form", help="an offline form, or the secretariat's workbook")
        form.add_argument("file", type=Path)
        form.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
        form.add_argument("--by", default="", help="e-mail of the person in whose name answers are saved")
        form.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints what the file changes, and changes it unless a cell has a fault. Raises CommandError."""
        try:
            returned = read_returned(_content(options["file"]))
            place = _find_place(returned)
            require_own_form(returned, place)
        except NotThisForm as refused:
            self._print({"refused_file": refused.say.th, "applied": False}, options)
            raise CommandError(refused.say.en, returncode=1) from None
        response = place.response()
        changes = compare_returned(response, returned, writable_items(response))
        told: dict[str, Any] = {
            "file": {name: returned.head.get(name, "") for name in ("kind", "province", "agency", "year", "version")},
            **change_json(compiled_instrument(place.round.instrument), changes),
            "applied": False,
        }
        if not options["dry_run"] and not changes.faults:
            done = apply_returned(by=_find_person(place, options["by"]), place=place, returned=returned)
            told |= {"applied": True, "saved": done.saved, "not_saved": done.refused}
        self._print(told, options)
        if changes.faults:
            raise CommandError(f"{len(changes.faults)} cells have faults; nothing was saved", returncode=1)

    def _print(self, told: dict[str, Any], options: dict[str, Any]) -> None:
        if options["format"] == "json":
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
            return
        for line in told.get("changes", ()):
            self.stdout.write(f"{line['sheet']} {line['cell']}  {line['address']}: {line['old']} -> {line['new']}")
        for line in told.get("conflicts", ()):
            self.stdout.write(f"conflict  {line['address']}: {line['old']} | {line['new']} (what is stored stays)")
        for fault in (*told.get("faults", ()), *told.get("refused", ())):
            self.stdout.write(fault["message"])
        for note in told.get("notes", ()):
            self.stdout.write(note)
        self.stdout.write(f"saved {told['saved']} answers" if told["applied"] else "nothing was saved")


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return read_limited(file, settings.WORKBOOK_LIMITS.size)
    except TooLargeError:
        raise CommandError(f"{path} is larger than {settings.WORKBOOK_LIMITS.size} bytes") from None
    except OSError as error:
        raise CommandError(str(error)) from error


def _find_place(returned: ReturnedForm) -> FormPlace:
    """Whose workbook it is, by its hidden head. Raises CommandError where there is no such round or agency."""
    head = returned.head
    rounds = Round.objects.select_related("province", "instrument").defer("instrument__source")
    year = head.get("year", "")
    round_ = rounds.filter(
        province__code=head.get("province"),
        year=int(year) if year.isascii() and year.isdigit() and len(year) == 4 else 0,
    ).first()
    if round_ is None:
        raise CommandError(f"province {head.get('province')} has no round of the year {year}")
    if not head.get("agency"):
        return FormPlace(round_, None)
    agency = Agency.objects.filter(province=round_.province_id, code=head["agency"]).first()
    if agency is None:
        raise CommandError(f"province {head.get('province')} has no agency {head['agency']}")
    return FormPlace(round_, agency)


def _find_person(place: FormPlace, email: str) -> User:
    """Who saves: the person named, else the only one who may answer here. Raises CommandError."""
    cap = Capability.CONTRIBUTION_EDIT if place.agency else Capability.ANSWER_EDIT
    where: dict[str, Any] = {"province_id": place.round.province_id}
    if place.agency:
        where["agency_id"] = place.agency.pk
    people = User.objects.filter(is_active=True)
    if email:
        people = people.filter(email__iexact=email)
    else:
        own = Q(memberships__agency=place.agency) if place.agency else Q(memberships__province=place.round.province_id)
        people = people.filter(own).distinct()
    able = [person for person in people if person.has(cap, **where)]
    if len(able) != 1:
        raise CommandError("--by needs the e-mail of a person who may answer there")
    return able[0]
