"""Who may enter which address: the table behind tests/test_matrix.py, which fails for an address not in it.

To add yours, put one line into ROWS under the name of the URL:

    "survey:page": province(C.RESPONSE_READ, lambda w: {"response": w.response.pk}),

- `everybody()`            no sign-in needed
- `signed_in()`            every person with an account
- `anywhere(cap, …)`       who holds the capability somewhere (lists that filter their rows themselves)
- `central(cap, …)`        who holds it in all provinces
- `province(cap, …)`       who holds it in province a: the object you name must belong to `w.people.a`
- `agency(cap, …)`         who holds it for agency a1 of province a: the object must belong to `w.people.a1`

The function after the capability makes the arguments of the address from the world `w`; objects it needs are
made on demand, as cached properties of World below. `method="post"` for views that only take POST (add `data`
when an empty form would be refused with 404), `query="?…"` where the address needs one. Where the rule is more
than a capability in a place, give `unless=lambda w, user: …`: true for people who are refused all the same.
The test asks as everybody: nobody signed in, every role in a and b, coordinators of a1, a2 and b1, no role.
Who is refused must be refused for GET and for POST.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from accounts.models import User
from accounts.roles import Capability as C  # noqa: N817
from survey.notices.letters import unsubscribe_url
from tests.matrix_arguments import (
    of_a,
    of_a1,
    of_amended,
    of_central_member,
    of_concluded,
    of_coordinates,
    of_data_file,
    of_delegates,
    of_delegation,
    of_file,
    of_form,
    of_job,
    of_lets_stand_in,
    of_meeting,
    of_member,
    of_order,
    of_part,
    of_plan,
    of_question,
    of_removed,
    of_response,
    of_round,
    of_scheme,
    of_seat,
    of_section,
    of_tabled,
    of_takes_part,
    of_thread,
    of_works_for_a1,
)
from tests.matrix_world import World

Arguments = Callable[[World], dict[str, Any]]


def _none(world: World) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Row:
    """What test_matrix asks for and whom it expects to be let in."""

    admits: Callable[[World, User], bool]
    kwargs: Arguments = _none
    public: bool = False
    method: str = "get"
    query: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    unless: Callable[[World, User], bool] | None = None

    def lets_in(self, world: World, user: User) -> bool:
        """Whether the signed-in person is to be let in."""
        return self.public or (self.admits(world, user) and not (self.unless and self.unless(world, user)))


def everybody(kwargs: Arguments = _none, **more: Any) -> Row:
    return Row(lambda w, u: True, kwargs, public=True, **more)


def signed_in(kwargs: Arguments = _none, **more: Any) -> Row:
    return Row(lambda w, u: True, kwargs, **more)


def anywhere(cap: C, kwargs: Arguments = _none, **more: Any) -> Row:
    return Row(lambda w, u: u.has(cap), kwargs, **more)


def central(cap: C, kwargs: Arguments = _none, **more: Any) -> Row:
    def admits(world: World, user: User) -> bool:
        return any(grant.province_id is None and cap in grant.capabilities for grant in user.grants)

    return Row(admits, kwargs, **more)


def province(cap: C, kwargs: Arguments = _none, **more: Any) -> Row:
    return Row(lambda w, u: u.has(cap, province_id=w.people.a.pk), kwargs, **more)


def agency(cap: C, kwargs: Arguments = _none, **more: Any) -> Row:
    def admits(world: World, user: User) -> bool:
        return user.has(cap, province_id=world.people.a.pk, agency_id=world.people.a1.pk)

    return Row(admits, kwargs, **more)


_MARK = {"pages": "1", "quote": "ข้อความ"}

ROWS: dict[str, Row] = {
    # accounts
    "accounts:agencies": province(C.AGENCIES_MANAGE, of_a),
    "accounts:agencies-import": province(C.AGENCIES_MANAGE, of_a),
    "accounts:agencies-import-apply": province(C.AGENCIES_MANAGE, of_a, method="post"),
    "accounts:agencies-import-template": province(C.AGENCIES_MANAGE, of_a),
    "accounts:agency-edit": province(C.AGENCIES_MANAGE, of_a1),
    "accounts:agency-new": province(C.AGENCIES_MANAGE, of_a),
    "accounts:agency-switch": province(C.AGENCIES_MANAGE, of_a1),
    "accounts:central-deactivate": central(C.USERS_MANAGE, of_central_member),
    "accounts:central-grant": central(C.USERS_MANAGE, of_central_member),
    "accounts:central-invite": central(C.USERS_MANAGE),
    "accounts:central-people": central(C.USERS_MANAGE),
    "accounts:central-person": central(C.USERS_MANAGE, of_central_member),
    "accounts:central-reactivate": central(C.USERS_MANAGE, of_central_member),
    "accounts:central-revoke": central(C.USERS_MANAGE, lambda w: {"pk": w.member.pk, "membership": w.membership.pk}),
    "accounts:central-send-again": central(C.USERS_MANAGE, lambda w: {"pk": w.central_invitation}, method="post"),
    "accounts:central-withdraw": central(C.USERS_MANAGE, lambda w: {"pk": w.central_invitation}),
    "accounts:deactivate": province(C.USERS_MANAGE, of_member),
    "accounts:grant": province(C.USERS_MANAGE, of_member),
    "accounts:invitation": everybody(lambda w: {"token": w.invitation[1]}),
    "accounts:invite": province(C.USERS_MANAGE, of_a),
    "accounts:password-change": signed_in(),
    "accounts:password-reset": everybody(),
    "accounts:password-reset-confirm": everybody(lambda w: {"uidb64": "MQ", "token": "x-y"}),
    "accounts:password-reset-sent": everybody(),
    "accounts:people": province(C.USERS_MANAGE, of_a),
    "accounts:people-import": province(C.USERS_MANAGE, of_a),
    "accounts:people-import-apply": province(C.USERS_MANAGE, of_a, method="post"),
    "accounts:people-import-template": province(C.USERS_MANAGE, of_a),
    "accounts:person": province(C.USERS_MANAGE, of_member),
    "accounts:profile": signed_in(),
    "accounts:province-edit": central(C.PROVINCES_MANAGE, of_a),
    "accounts:province-new": central(C.PROVINCES_MANAGE),
    "accounts:provinces": central(C.PROVINCES_MANAGE),
    "accounts:reactivate": province(C.USERS_MANAGE, of_member),
    "accounts:revoke": province(C.USERS_MANAGE, lambda w: {**of_member(w), "membership": w.membership.pk}),
    "accounts:send-again": province(C.USERS_MANAGE, lambda w: {**of_a(w), "pk": w.invitation[0]}, method="post"),
    "accounts:sign-in": everybody(),
    "accounts:sign-out": signed_in(method="post"),
    "accounts:withdraw": province(C.USERS_MANAGE, lambda w: {**of_a(w), "pk": w.invitation[0]}),
    # evidence
    "evidence:date": province(C.ANSWER_EDIT, of_file, method="post", data={"date": "1/7/2567"}),
    "evidence:download": province(C.RESPONSE_READ, of_file),
    "evidence:guide": province(C.RESPONSE_READ, lambda w: {"pk": w.evidence.response.pk, "item_id": "E1"}),
    "evidence:listing": province(C.RESPONSE_READ, lambda w: {"pk": w.evidence.response.pk}),
    "evidence:mark": province(C.ANSWER_EDIT, lambda w: {**of_file(w), "mark_id": w.mark.pk}, method="post", data=_MARK),
    "evidence:mark-restore": province(C.ANSWER_EDIT, lambda w: {**of_file(w), "number": w.unmarked.seq}, method="post"),
    "evidence:marks": province(C.ANSWER_EDIT, of_file, method="post", data=_MARK),
    "evidence:remove": province(C.ANSWER_EDIT, of_file, method="post"),
    "evidence:restore": province(C.ANSWER_EDIT, of_removed, method="post"),
    "evidence:scans": central(C.PROVINCES_MANAGE),
    "evidence:slot": province(
        C.RESPONSE_READ,
        lambda w: {"pk": w.evidence.response.pk, "item_id": "E1"},
        query="?at=E1%3Ddone",
    ),
    # reports
    "reports:again": province(C.REPORT_READ, of_job, method="post"),
    "reports:cancel": province(C.REPORT_READ, of_job, method="post"),
    "reports:download": province(C.REPORT_READ, of_job),
    "reports:job": province(C.REPORT_READ, of_job),
    "reports:list": province(C.REPORT_READ, of_response),
    "reports:make": province(C.REPORT_READ, of_response, method="post", data={"kind": "result"}),
    "reports:metrics": everybody(),  # from this machine; tests/reports/system/test_metrics.py asks from others
    "reports:system": central(C.SYSTEM_READ),
    # scoring
    "scoring:compare": province(C.RESPONSE_READ, of_response),
    "scoring:efforts": province(C.ANSWER_EDIT, of_response),
    "scoring:externals": province(C.EXTERNAL_SCORE_EDIT, of_response),
    "scoring:form-move": province(C.ROUND_MANAGE, of_round),
    "scoring:fit": province(C.INSTRUMENTS_MANAGE, of_response),
    "scoring:panel": province(C.RESPONSE_READ, of_response),
    "scoring:plan": province(C.RESPONSE_READ, of_response),
    "scoring:plan-action": province(
        C.ANSWER_EDIT, lambda w: {**of_plan(w), "action": w.plan.actions.get().pk}, method="post"
    ),
    "scoring:plan-drop": province(C.ANSWER_EDIT, of_plan, method="post"),
    "scoring:plan-restore": province(
        C.ANSWER_EDIT, lambda w: {"pk": w.response.pk, "number": w.dropped_plan.pk}, method="post"
    ),
    "scoring:plan-file": province(C.RESPONSE_READ, lambda w: {**of_plan(w), "kind": "xlsx"}),
    "scoring:plan-follow": province(C.RESPONSE_READ, of_plan),
    "scoring:plan-take": province(C.ANSWER_EDIT, of_response, method="post"),
    "scoring:results-import": anywhere(C.OFFICIAL_RESULT_EDIT),
    "scoring:scenario-drop": province(
        C.ANSWER_EDIT, lambda w: {**of_response(w), "scenario": w.scenario.pk}, method="post"
    ),
    "scoring:scenario-restore": province(
        C.ANSWER_EDIT, lambda w: {**of_response(w), "scenario": w.dropped_scenario.pk}, method="post"
    ),
    "scoring:scenario-save": province(C.ANSWER_EDIT, of_response, method="post"),
    "scoring:scheme-file": central(C.INSTRUMENTS_MANAGE, of_scheme),
    "scoring:scheme-use": central(C.INSTRUMENTS_MANAGE, of_scheme, method="post"),
    "scoring:schemes": central(C.INSTRUMENTS_MANAGE),
    "scoring:score": province(C.RESPONSE_READ, of_response),
    "scoring:score-file": province(C.RESPONSE_READ, lambda w: {**of_response(w), "kind": "xlsx"}),
    "scoring:whatif": province(C.RESPONSE_READ, of_response),
    "scoring:why": province(C.RESPONSE_READ, lambda w: {**of_response(w), "code": "1.1"}),
    "scoring:years": province(C.RESPONSE_READ, of_response),
    # survey
    "survey:answer": province(C.ANSWER_EDIT, of_question, method="post"),
    "survey:answer-restore": province(C.ANSWER_EDIT, of_question, method="post"),
    "survey:answers": province(C.RESPONSE_READ, of_response),
    "survey:approve": province(C.APPROVE, of_response),
    "survey:assignment-add": province(C.ASSIGN, of_round),
    "survey:assignment-apply": province(C.ASSIGN, of_round, method="post"),
    "survey:assignment-cell": province(C.ASSIGN, lambda w: {**of_round(w), "agency": "A1", "column": "1.1"}),
    "survey:assignment-edit": province(C.ASSIGN, of_part),
    "survey:assignment-import": province(C.ASSIGN, of_round),
    "survey:assignment-print": province(C.RESPONSE_READ, of_round),
    "survey:assignment-reassign": province(C.ASSIGN, of_round),
    "survey:assignment-remove": province(C.ASSIGN, of_part),
    "survey:assignment-template": province(C.ASSIGN, of_round),
    "survey:assignments": province(C.ASSIGN, of_round),
    "survey:board": province(C.RESPONSE_READ, of_round),
    "survey:board-agency": province(C.RESPONSE_READ, lambda w: {**of_round(w), "agency": "A1"}),
    "survey:brief": province(C.RESPONSE_READ, of_response),
    "survey:calendar": Row(of_takes_part, of_round),
    "survey:carried": province(C.RESPONSE_READ, lambda w: {"pk": w.carried.pk}),
    "survey:carried-settle": province(
        C.ANSWER_EDIT, lambda w: {"pk": w.carried.pk, "item_id": w.trial.question().item_id}, method="post"
    ),
    "survey:changes": province(C.RESPONSE_READ, of_response),
    "survey:check": province(C.RESPONSE_READ, of_response),
    "survey:next-point": province(C.RESPONSE_READ, of_response),
    "survey:consolidate": province(C.ANSWER_EDIT, of_response),
    "survey:consolidate-agreed": province(C.ANSWER_EDIT, of_response),
    "survey:consolidate-item": province(C.ANSWER_EDIT, of_question),
    "survey:consolidate-report": province(C.ANSWER_EDIT, lambda w: {"pk": w.response.pk, "seq": w.agreed}),
    "survey:delegation-document": province(C.RESPONSE_READ, of_delegation),
    "survey:delegation-new": Row(of_delegates, of_a),
    "survey:delegation-revoke": Row(of_delegates, of_delegation),
    "survey:delegations": province(C.RESPONSE_READ, of_a),
    "survey:desk": Row(of_coordinates, of_round),
    "survey:fill": province(C.RESPONSE_READ, of_section),
    "survey:guide": signed_in(lambda w: {"slug": "start"}),
    "survey:help": signed_in(),
    "survey:history": province(C.RESPONSE_READ, of_question),
    "survey:home": signed_in(),
    "survey:journal": province(C.JOURNAL_READ, of_response),
    "survey:last-year": province(C.RESPONSE_READ, of_question),
    "survey:letter-again": province(
        C.USERS_MANAGE, lambda w: {"source": "notice", "pk": w.given_up_letter}, method="post"
    ),
    "survey:letters": anywhere(C.USERS_MANAGE),
    "survey:mail-stop": everybody(lambda w: {"token": unsubscribe_url(w.member).rstrip("/").rpartition("/")[2]}),
    "survey:meeting": province(C.RESPONSE_READ, of_meeting),
    "survey:meeting-amend": province(C.ENDORSE, of_concluded),
    "survey:meeting-amend-subject": province(C.ENDORSE, of_amended),
    "survey:meeting-attendance": province(C.ENDORSE, of_meeting),
    "survey:meeting-cancel": province(C.ENDORSE, of_meeting),
    "survey:meeting-conclude": province(C.ENDORSE, of_meeting),
    "survey:meeting-edit": province(C.ENDORSE, of_meeting),
    "survey:meeting-late": province(C.ENDORSE, of_meeting, method="post"),
    "survey:meeting-new": province(C.ENDORSE, of_round),
    "survey:meeting-opinions": province(C.RESPONSE_READ, of_meeting),
    "survey:meeting-paper": province(C.REPORT_READ, of_meeting, method="post"),
    "survey:meeting-resolutions": province(C.ENDORSE, of_meeting),
    "survey:meeting-tabled": province(C.REPORT_READ, of_tabled),
    "survey:meetings": province(C.RESPONSE_READ, of_round),
    "survey:nav": province(C.RESPONSE_READ, of_section),
    "survey:notice": Row(lambda w, u: u == w.member, lambda w: {"pk": w.notice.pk}, method="post"),
    "survey:notices": signed_in(),
    "survey:notices-digest": signed_in(method="post"),
    "survey:notices-read": signed_in(method="post"),
    "survey:part": agency(C.CONTRIBUTION_EDIT, lambda w: {**of_part(w), "name": "submit"}, method="post"),
    "survey:part-done": agency(C.CONTRIBUTION_EDIT, of_part),
    "survey:part-hand-over": province(C.ASSIGN, of_part, method="post"),
    "survey:part-open": agency(C.CONTRIBUTION_EDIT, of_part, method="post"),
    "survey:part-page": agency(C.CONTRIBUTION_READ, of_part),
    "survey:part-review": agency(C.CONTRIBUTION_EDIT, of_part),
    "survey:parts-decide": province(C.ASSIGN, of_round, method="post"),
    "survey:parts-waiting": province(C.ASSIGN, of_round),
    "survey:place": province(C.RESPONSE_READ, lambda w: {**of_round(w), "key": "score"}),
    "survey:present": province(C.RESPONSE_READ, of_section, method="post"),
    "survey:province-journal": province(C.JOURNAL_READ, of_a),
    "survey:province-journal-export": province(C.JOURNAL_READ, lambda w: {**of_a(w), "kind": "csv" if w.trial else ""}),
    "survey:register": province(C.RESPONSE_READ, of_a),
    "survey:register-edit": province(C.ENDORSE, of_order),
    "survey:register-member": province(C.ENDORSE, of_seat),
    "survey:register-member-new": province(C.ENDORSE, of_order),
    "survey:register-new": province(C.ENDORSE, of_a),
    "survey:register-order": province(C.RESPONSE_READ, of_order),
    "survey:reopen": province(C.REOPEN, of_response),
    "survey:response": province(C.RESPONSE_READ, of_response),
    "survey:return": province(C.RETURN, of_response),
    "survey:round": Row(of_takes_part, of_round),
    "survey:round-guards": province(C.ROUND_MANAGE, of_round),
    "survey:round-edit": province(C.ROUND_MANAGE, of_round),
    "survey:round-extend": province(C.ROUND_MANAGE, of_round),
    "survey:round-new": province(C.ROUND_MANAGE, of_a),
    "survey:round-next": province(C.ROUND_MANAGE, of_round),
    "survey:rounds": province(C.ROUND_MANAGE, of_a),
    "survey:stand-in-end": Row(of_lets_stand_in, lambda w: {**of_a1(w), "pk": w.stand_in.pk}),
    "survey:stand-ins": Row(of_works_for_a1, of_a1),
    "survey:submit": province(C.SUBMIT, of_response),
    "survey:verify": everybody(lambda w: {"public_id": w.frozen.public_id}),
    "survey:thread-reopen": province(C.RESPONSE_READ, of_thread, method="post"),
    "survey:thread-reply": province(C.RESPONSE_READ, of_thread, method="post", data={"text": "ตอบ"}),
    "survey:thread-resolve": province(C.ANSWER_EDIT, of_thread, method="post"),
    "survey:threads": province(C.RESPONSE_READ, of_response),
    "survey:threads-item": province(C.RESPONSE_READ, of_question),
    "survey:version": province(C.RESPONSE_READ, lambda w: {"pk": w.frozen.response_id, "number": w.frozen.number}),
    "survey:version-content": province(
        C.RESPONSE_READ, lambda w: {"pk": w.frozen.response_id, "number": w.frozen.number}
    ),
    "survey:versions": province(C.RESPONSE_READ, of_response),
    "survey:withdraw": province(C.SUBMIT, of_response),
    "survey:year-file": central(C.INSTRUMENTS_MANAGE, of_data_file),
    "survey:year-file-differences": central(C.INSTRUMENTS_MANAGE, of_data_file),
    "survey:year-file-publish": central(C.INSTRUMENTS_MANAGE, of_data_file, method="post"),
    "survey:year-file-text": central(C.INSTRUMENTS_MANAGE, of_data_file),
    "survey:year-files": central(C.INSTRUMENTS_MANAGE),
    "survey:year-files-shipped": central(C.INSTRUMENTS_MANAGE, lambda w: {"kind": "links", "name": "2567-2568.yaml"}),
    "survey:year-form": central(C.INSTRUMENTS_MANAGE, of_form),
    "survey:year-form-differences": central(C.INSTRUMENTS_MANAGE, of_form),
    "survey:year-form-file": central(C.INSTRUMENTS_MANAGE, of_form),
    "survey:year-form-official": central(C.INSTRUMENTS_MANAGE, of_form),
    "survey:year-form-preview": central(
        C.INSTRUMENTS_MANAGE, lambda w: {**of_form(w), "section": w.trial.compiled.sections[0].id}
    ),
    "survey:year-form-preview-first": central(C.INSTRUMENTS_MANAGE, of_form),
    "survey:year-form-publish": central(C.INSTRUMENTS_MANAGE, of_form, method="post"),
    # the frame
    "healthz": everybody(),
    "read_day": signed_in(query="?text=7/12/2569"),
    "readyz": everybody(),
    "session_ping": signed_in(method="post"),
    "set_language": everybody(method="post"),
}
