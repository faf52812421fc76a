"""The arguments of addresses, and who of the people of a role is meant, for tests/matrix_urls.py."""

from typing import Any

from accounts.models import Province, User
from accounts.roles import Capability as C  # noqa: N817
from accounts.roles import Role
from tests.matrix_world import World


def of_a(w: World) -> dict[str, Any]:
    return {"code": w.people.a.code}


def of_a1(w: World) -> dict[str, Any]:
    return {"code": w.people.a.code, "agency": w.people.a1.code}


def of_member(w: World) -> dict[str, Any]:
    return {"code": w.people.a.code, "pk": w.member.pk}


def of_central_member(w: World) -> dict[str, Any]:
    return {"pk": w.member.pk}


def of_job(w: World) -> dict[str, Any]:
    return {"public_id": w.job.public_id}


def of_waiting_job(w: World) -> dict[str, Any]:
    return {"public_id": w.waiting_job.public_id}


def of_response(w: World) -> dict[str, Any]:
    return {"pk": w.response.pk}


def of_scheme(w: World) -> dict[str, Any]:
    return {"number": w.scheme.pk}


def of_form(w: World) -> dict[str, Any]:
    return {"number": w.trial.instrument.pk}


def of_bulk_act(w: World) -> dict[str, Any]:
    return {"year": w.trial.round.year, "number": w.bulk_act.pk}


def of_department(w: World) -> dict[str, Any]:
    names = {"name_th": "กรมตัวอย่าง", "name_en": "Sample Department", "ministry": ""}
    row, _made = Province.objects.get_or_create(code="D-TEST", defaults={"kind": "department", **names})
    return {"code": row.code}


def of_data_file(w: World) -> dict[str, Any]:
    return {"number": w.data_file.pk}


def of_plan(w: World) -> dict[str, Any]:
    return {"pk": w.response.pk, "number": w.plan.pk}


def of_section(w: World) -> dict[str, Any]:
    return {"pk": w.response.pk, "section": w.trial.compiled.sections[0].id}


def of_thread(w: World) -> dict[str, Any]:
    return {"pk": w.response.pk, "thread": w.comment.pk}


def of_question(w: World) -> dict[str, Any]:
    return {"pk": w.response.pk, "item_id": w.trial.question().item_id}


def of_round(w: World) -> dict[str, Any]:
    return {"code": w.people.a.code, "year": w.trial.round.year}


def of_objection_file(w: World) -> dict[str, Any]:
    return {**of_round(w), "number": w.objection.evidence.get().pk}


def of_letter(w: World) -> dict[str, Any]:
    return {**of_round(w), "letter": "invite"}


def of_letter_revision(w: World) -> dict[str, Any]:
    return {**of_letter(w), "revision": 0}


def of_round_year(w: World) -> dict[str, Any]:
    return {"year": w.trial.round.year}


def of_part(w: World) -> dict[str, Any]:
    return {**of_round(w), "pk": w.part.pk}


def of_coordinates(w: World, user: User) -> bool:
    """Works for an agency of province a."""
    return any(
        user.has(C.CONTRIBUTION_EDIT, province_id=w.people.a.pk, agency_id=x.pk) for x in (w.people.a1, w.people.a2)
    )


def of_works_for_a1(w: World, user: User) -> bool:
    """Works for agency a1, or assigns work in province a."""
    a, a1 = w.people.a, w.people.a1
    return user.has(C.ASSIGN, province_id=a.pk) or user.has(C.CONTRIBUTION_EDIT, province_id=a.pk, agency_id=a1.pk)


def of_lets_stand_in(w: World, user: User) -> bool:
    """The coordinator on leave, or who assigns work in province a; not who stands in."""
    return user == w.people.who(Role.COORDINATOR) or user.has(C.ASSIGN, province_id=w.people.a.pk)


def of_takes_part(w: World, user: User) -> bool:
    """Reads the province's answer, or works for one of its agencies."""
    a = w.people.a
    agencies = (w.people.a1, w.people.a2)
    return user.has(C.RESPONSE_READ, province_id=a.pk) or any(
        user.has(C.CONTRIBUTION_READ, province_id=a.pk, agency_id=x.pk) for x in agencies
    )


def of_file(w: World) -> dict[str, Any]:
    return {"pk": w.evidence.response.pk, "public_id": w.attachment.public_id}


def of_removed(w: World) -> dict[str, Any]:
    return {"pk": w.evidence.response.pk, "public_id": w.removed.public_id}


def of_link(w: World) -> dict[str, Any]:
    return {"pk": w.evidence.response.pk, "public_id": w.link.public_id}


def of_waiting(w: World) -> dict[str, Any]:
    return {"pk": w.evidence.response.pk, "public_id": w.waiting.public_id}


def of_document(w: World) -> dict[str, Any]:
    return {"code": w.people.a.code, "public_id": w.document.public_id}


def of_meeting(w: World) -> dict[str, Any]:
    return {**of_round(w), "pk": w.meeting.pk}


def of_concluded(w: World) -> dict[str, Any]:
    return {**of_round(w), "pk": w.concluded.pk}


def of_amended(w: World) -> dict[str, Any]:
    return {**of_concluded(w), "subject": "guests"}


def of_tabled(w: World) -> dict[str, Any]:
    return {**of_meeting(w), "public_id": w.tabled.public_id}


def of_order(w: World) -> dict[str, Any]:
    return {**of_a(w), "pk": w.order.pk}


def of_seat(w: World) -> dict[str, Any]:
    return {**of_order(w), "member": w.order.members.all()[0].pk}


def of_delegation(w: World) -> dict[str, Any]:
    return {**of_a(w), "pk": w.delegation.pk}


def of_delegates(w: World, user: User) -> bool:
    """Approves in province a in their own right, or names governors in all provinces."""
    return user in (w.people.who(Role.GOVERNOR), w.people.who(Role.CENTRAL_ADMIN))


def of_round_a1(w: World) -> dict[str, Any]:
    return {**of_round(w), "agency": w.people.a1.code}


def of_form_file(w: World) -> dict[str, Any]:
    return {**of_round_a1(w), "public_id": w.form_file.public_id}


def of_bulk_file(w: World) -> dict[str, Any]:
    return {**of_round(w), "public_id": w.bulk_file.public_id}


def of_did_not_ask(w: World, user: User) -> bool:
    """Neither who asked for the waiting job nor who manages the rounds of its province."""
    return user != w.member and not user.has(C.ROUND_MANAGE, province_id=w.people.a.pk)


def of_did_not_send(w: World, user: User) -> bool:
    """Neither who sent the agency's workbook back nor who sent the secretariat's."""
    return user not in (w.people.who(Role.COORDINATOR), w.people.who(Role.SECRETARIAT))
