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
from datetime import timedelta
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts import actions
from accounts.models import Membership, User
from accounts.models.post import GivenUp
from accounts.roles import Capability as C  # noqa: N817
from accounts.roles import Role
from evidence.attaching.actions import delete_mark, remove_attachment
from evidence.models import Attachment, Mark
from reports.models import Job
from scoring.models import ActionPlan, PlannedAction, Scenario, SchemeVersion
from scoring.planning.actions.plans import drop_plan
from scoring.planning.actions.scenarios import drop_scenario
from survey.approval import actions as workflow
from survey.assigning import actions as assignments
from survey.assigning.actions import AssignmentTerms
from survey.assigning.targets import AssignmentTarget
from survey.consolidating import actions as consolidation
from survey.models import (
    Assignment,
    Carried,
    Comment,
    CommitteeOrder,
    Delegation,
    Event,
    FrozenResponse,
    Letter,
    Meeting,
    Notice,
    Response,
    Round,
    TabledPaper,
)
from survey.notices import actions as notices
from survey.notices.letters import queue_letter, unsubscribe_url
from survey.threads import actions as threads
from tests.committee import endorsed, make_delegation, make_meeting, make_order
from tests.evidence.conftest import World as EvidenceWorld
from tests.evidence.conftest import build
from tests.flow import outside
from tests.people import People
from tests.trial import Trial, make_trial


class World:
    """What the addresses are about; everything in province a (agency a1) unless its name says otherwise."""

    def __init__(self, people: People) -> None:
        self.people = people

    @cached_property
    def member(self) -> User:
        """Somebody whose only role is in province a."""
        return self.people.who(Role.SECRETARIAT)

    @cached_property
    def membership(self) -> Membership:
        """The role of `member`."""
        return self.member.memberships.get()

    @cached_property
    def given_up_letter(self) -> int:
        """Key of a letter to `member` that could not be sent."""
        letter = queue_letter(user=self.member, key="given up", template="notice", context={"text": "x"})
        Letter.objects.update(next_try_at=None, given_up=GivenUp.REFUSED)
        assert letter is not None
        return letter.pk

    @cached_property
    def invitation(self) -> tuple[int, str]:
        """Key and token of an open invitation to province a."""
        by = self.people.who(Role.PROVINCE_ADMIN)
        offer = {"email": "new@example.org", "role": Role.COMMITTEE, "province": self.people.a}
        invitation, token = actions.invite_user(by=by, **offer)
        return invitation.pk, token

    @cached_property
    def central_invitation(self) -> int:
        """Key of an open invitation to a central role."""
        by = self.people.who(Role.CENTRAL_ADMIN)
        return actions.invite_user(by=by, email="new@example.org", role=Role.CENTRAL_ADMIN)[0].pk

    @cached_property
    def trial(self) -> Trial:
        """An open round of province a with its provincial response."""
        return make_trial(province=self.people.a)

    @property
    def response(self) -> Response:
        """The provincial response of that round."""
        return self.trial.response

    @cached_property
    def evidence(self) -> EvidenceWorld:
        """The sample instrument's round in province a."""
        return build(self.people.a, self.people.b, self.people.a1)

    @cached_property
    def attachment(self) -> Attachment:
        """A file attached to the provincial answer of a."""
        return self.evidence.attach()

    @cached_property
    def removed(self) -> Attachment:
        """A file taken off that answer."""
        attachment = self.evidence.attach("E1b")
        remove_attachment(by=self.evidence.secretary, attachment=attachment)
        return attachment

    @cached_property
    def mark(self) -> Mark:
        """A mark on `attachment`."""
        return self.evidence.mark(self.attachment)

    @cached_property
    def unmarked(self) -> Event:
        """The removal of another mark of `attachment`."""
        removal = delete_mark(by=self.evidence.secretary, mark=self.evidence.mark(self.attachment, quote="ลบแล้ว"))
        assert removal is not None
        return removal

    @cached_property
    def part(self) -> Assignment:
        """Agency a1's assignment in that round."""
        target = AssignmentTarget(question=self.trial.question().item_id)
        given = {"agencies": [self.people.a1], "target": target, "terms": AssignmentTerms("R")}
        return assignments.add_assignments(by=self.member, round_=self.trial.round, **given).created[0]

    @cached_property
    def stand_in(self) -> Membership:
        """The committee's member as stand-in of agency a1's coordinator, some days from now."""
        coordinator = self.people.who(Role.COORDINATOR)
        own, day = coordinator.memberships.get(), timezone.localdate()
        days = {"valid_from": day + timedelta(days=3), "valid_to": day + timedelta(days=5)}
        user = self.people.who(Role.COMMITTEE)
        return actions.appoint_stand_in(by=coordinator, membership=own, user=user, **days)

    @cached_property
    def meeting(self) -> Meeting:
        """A meeting about that round, not concluded."""
        return make_meeting(self.member, self.trial.round)

    @cached_property
    def concluded(self) -> Meeting:
        """A meeting about that round, concluded."""
        return endorsed(self.member, self.trial.round)

    @cached_property
    def order(self) -> CommitteeOrder:
        """The order that appoints the committee of province a."""
        return make_order(self.member, self.people.a)

    @cached_property
    def tabled(self) -> TabledPaper:
        """A paper on the table of the meeting that is not concluded."""
        stored = default_storage.save("meetings/x/1.pdf", ContentFile(b"%PDF"))
        made = {"stored": stored, "sha256": sha256(b"%PDF").hexdigest(), "size": 4, "version": 1, "source": "x"}
        return TabledPaper.objects.create(meeting=self.meeting, by=self.member, at=timezone.now(), **made)

    @cached_property
    def delegation(self) -> Delegation:
        """The approval given to somebody who reads the answer anyway, for days to come."""
        with TemporaryDirectory() as folder:
            return make_delegation(self.people, Path(folder), days=(3, 5))

    @cached_property
    def notice(self) -> Notice:
        """Something `member` was told."""
        notices.notify(users=[self.member], kind="assignment", key="one", data={"what": "P1"})
        return Notice.objects.get(user=self.member, key="one")

    @cached_property
    def carried(self) -> Response:
        """That response with one answer of a year before, not settled."""
        names = ("instrument", "period_from", "period_to", "opens_on", "agency_due", "committee_on", "closes_at")
        now = self.trial.round
        before = Round.objects.create(province=now.province, year=now.year - 1, **{n: getattr(now, n) for n in names})
        earlier = Response.objects.create(round=before)
        Round.objects.filter(pk=now.pk).update(previous=before)
        given = {"question": self.trial.question(), "relation": "same", "from_response": earlier}
        Carried.objects.create(response=self.response, **given)
        return self.response

    @cached_property
    def comment(self) -> Comment:
        """A comment on that response, not dealt with."""
        return threads.start_thread(by=self.member, response=self.response, text="ตรวจอีกครั้ง")

    @cached_property
    def agreed(self) -> int:
        """Number of the event of having taken all that agree into that response."""
        return consolidation.consolidate_agreed(by=self.member, response=self.response).seq

    @cached_property
    def frozen(self) -> FrozenResponse:
        """An approved version of that response."""
        governor = self.people.who(Role.GOVERNOR)
        workflow.submit_response(by=self.member, response=self.response, points=lambda r: [], reasons={})
        return workflow.approve_response(by=governor, response=self.response, compose=outside)

    @cached_property
    def scenario(self) -> Scenario:
        """A saved scenario of that response."""
        more = {"changes": {}, "made_by": self.member, "made_at": timezone.now()}
        return Scenario.objects.create(response=self.response, name="x", **more)

    @cached_property
    def dropped_scenario(self) -> Scenario:
        """Another scenario, dropped."""
        more = {"changes": {}, "made_by": self.member, "made_at": timezone.now()}
        row = Scenario.objects.create(response=self.response, name="y", **more)
        drop_scenario(by=self.member, scenario=row)
        return row

    @cached_property
    def dropped_plan(self) -> ActionPlan:
        """That plan, dropped."""
        drop_plan(by=self.member, plan=self.plan)
        return self.plan

    @cached_property
    def scheme(self) -> SchemeVersion:
        """A fitted version of the scheme of another form."""
        made = {"fitted_to": self.people.a, "moves": [], "made_by": None, "made_at": timezone.now()}
        return SchemeVersion.objects.create(key="x-2581", year=2581, version=2, checksum="0" * 64, text="x", **made)

    @cached_property
    def plan(self) -> ActionPlan:
        """An action plan of that response with one action."""
        made = {"before": {"total": None}, "result": {"total": None}, "effort": 1}
        more = {"made": made, "made_by": self.member, "made_at": timezone.now()}
        plan = ActionPlan.objects.create(response=self.response, name="x", **more)
        text = {"th": "x", "en": "x"}
        more = {"criterion": "x", "pieces": [], "changes": {"values": {}}}
        action = {"criterion_points": {"after": "1.00"}, "name": text, "text": text, **more}
        PlannedAction.objects.create(plan=plan, order=1, criterion="x", sub_pillar="1.1", made=action, effort=1, gain=1)
        return plan

    @cached_property
    def job(self) -> Job:
        """A PDF of that response, made and stored."""
        stored = default_storage.save("jobs/x/1.pdf", ContentFile(b"%PDF"))
        file = {"stored": stored, "file_name": "x.pdf", "size": 4, "sha256": sha256(b"%PDF").hexdigest()}
        return Job.objects.create(
            kind="result", state="done", response=self.response, created_at=timezone.now(), **file
        )


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


def _a(w: World) -> dict[str, Any]:
    return {"code": w.people.a.code}


def _a1(w: World) -> dict[str, Any]:
    return {"code": w.people.a.code, "agency": w.people.a1.code}


def _member(w: World) -> dict[str, Any]:
    return {"code": w.people.a.code, "pk": w.member.pk}


def _central_member(w: World) -> dict[str, Any]:
    return {"pk": w.member.pk}


def _job(w: World) -> dict[str, Any]:
    return {"public_id": w.job.public_id}


def _response(w: World) -> dict[str, Any]:
    return {"pk": w.response.pk}


def _scheme(w: World) -> dict[str, Any]:
    return {"number": w.scheme.pk}


def _plan(w: World) -> dict[str, Any]:
    return {"pk": w.response.pk, "number": w.plan.pk}


def _section(w: World) -> dict[str, Any]:
    return {"pk": w.response.pk, "section": w.trial.compiled.sections[0].id}


def _thread(w: World) -> dict[str, Any]:
    return {"pk": w.response.pk, "thread": w.comment.pk}


def _question(w: World) -> dict[str, Any]:
    return {"pk": w.response.pk, "item_id": w.trial.question().item_id}


def _round(w: World) -> dict[str, Any]:
    return {"code": w.people.a.code, "year": w.trial.round.year}


def _part(w: World) -> dict[str, Any]:
    return {**_round(w), "pk": w.part.pk}


def _coordinates(w: World, user: User) -> bool:
    """Works for an agency of province a."""
    return any(
        user.has(C.CONTRIBUTION_EDIT, province_id=w.people.a.pk, agency_id=x.pk) for x in (w.people.a1, w.people.a2)
    )


def _works_for_a1(w: World, user: User) -> bool:
    """Works for agency a1, or assigns work in province a."""
    a, a1 = w.people.a, w.people.a1
    return user.has(C.ASSIGN, province_id=a.pk) or user.has(C.CONTRIBUTION_EDIT, province_id=a.pk, agency_id=a1.pk)


def _lets_stand_in(w: World, user: User) -> bool:
    """The coordinator on leave, or who assigns work in province a; not who stands in."""
    return user == w.people.who(Role.COORDINATOR) or user.has(C.ASSIGN, province_id=w.people.a.pk)


def _takes_part(w: World, user: User) -> bool:
    """Reads the province's answer, or works for one of its agencies."""
    a = w.people.a
    agencies = (w.people.a1, w.people.a2)
    return user.has(C.RESPONSE_READ, province_id=a.pk) or any(
        user.has(C.CONTRIBUTION_READ, province_id=a.pk, agency_id=x.pk) for x in agencies
    )


def _file(w: World) -> dict[str, Any]:
    return {"pk": w.evidence.response.pk, "public_id": w.attachment.public_id}


def _removed(w: World) -> dict[str, Any]:
    return {"pk": w.evidence.response.pk, "public_id": w.removed.public_id}


def _meeting(w: World) -> dict[str, Any]:
    return {**_round(w), "pk": w.meeting.pk}


def _concluded(w: World) -> dict[str, Any]:
    return {**_round(w), "pk": w.concluded.pk}


def _amended(w: World) -> dict[str, Any]:
    return {**_concluded(w), "subject": "guests"}


def _tabled(w: World) -> dict[str, Any]:
    return {**_meeting(w), "public_id": w.tabled.public_id}


def _order(w: World) -> dict[str, Any]:
    return {**_a(w), "pk": w.order.pk}


def _seat(w: World) -> dict[str, Any]:
    return {**_order(w), "member": w.order.members.all()[0].pk}


def _delegation(w: World) -> dict[str, Any]:
    return {**_a(w), "pk": w.delegation.pk}


def _delegates(w: World, user: User) -> bool:
    """Approves in province a in their own right, or names governors in all provinces."""
    return user in (w.people.who(Role.GOVERNOR), w.people.who(Role.CENTRAL_ADMIN))


_MARK = {"pages": "1", "quote": "ข้อความ"}

ROWS: dict[str, Row] = {
    # accounts
    "accounts:agencies": province(C.AGENCIES_MANAGE, _a),
    "accounts:agencies-import": province(C.AGENCIES_MANAGE, _a),
    "accounts:agencies-import-apply": province(C.AGENCIES_MANAGE, _a, method="post"),
    "accounts:agencies-import-template": province(C.AGENCIES_MANAGE, _a),
    "accounts:agency-edit": province(C.AGENCIES_MANAGE, _a1),
    "accounts:agency-new": province(C.AGENCIES_MANAGE, _a),
    "accounts:agency-switch": province(C.AGENCIES_MANAGE, _a1),
    "accounts:central-deactivate": central(C.USERS_MANAGE, _central_member),
    "accounts:central-grant": central(C.USERS_MANAGE, _central_member),
    "accounts:central-invite": central(C.USERS_MANAGE),
    "accounts:central-people": central(C.USERS_MANAGE),
    "accounts:central-person": central(C.USERS_MANAGE, _central_member),
    "accounts:central-reactivate": central(C.USERS_MANAGE, _central_member),
    "accounts:central-revoke": central(C.USERS_MANAGE, lambda w: {"pk": w.member.pk, "membership": w.membership.pk}),
    "accounts:central-send-again": central(C.USERS_MANAGE, lambda w: {"pk": w.central_invitation}, method="post"),
    "accounts:central-withdraw": central(C.USERS_MANAGE, lambda w: {"pk": w.central_invitation}),
    "accounts:deactivate": province(C.USERS_MANAGE, _member),
    "accounts:grant": province(C.USERS_MANAGE, _member),
    "accounts:invitation": everybody(lambda w: {"token": w.invitation[1]}),
    "accounts:invite": province(C.USERS_MANAGE, _a),
    "accounts:password-change": signed_in(),
    "accounts:password-reset": everybody(),
    "accounts:password-reset-confirm": everybody(lambda w: {"uidb64": "MQ", "token": "x-y"}),
    "accounts:password-reset-sent": everybody(),
    "accounts:people": province(C.USERS_MANAGE, _a),
    "accounts:people-import": province(C.USERS_MANAGE, _a),
    "accounts:people-import-apply": province(C.USERS_MANAGE, _a, method="post"),
    "accounts:people-import-template": province(C.USERS_MANAGE, _a),
    "accounts:person": province(C.USERS_MANAGE, _member),
    "accounts:profile": signed_in(),
    "accounts:province-edit": central(C.PROVINCES_MANAGE, _a),
    "accounts:province-new": central(C.PROVINCES_MANAGE),
    "accounts:provinces": central(C.PROVINCES_MANAGE),
    "accounts:reactivate": province(C.USERS_MANAGE, _member),
    "accounts:revoke": province(C.USERS_MANAGE, lambda w: {**_member(w), "membership": w.membership.pk}),
    "accounts:send-again": province(C.USERS_MANAGE, lambda w: {**_a(w), "pk": w.invitation[0]}, method="post"),
    "accounts:sign-in": everybody(),
    "accounts:sign-out": signed_in(method="post"),
    "accounts:withdraw": province(C.USERS_MANAGE, lambda w: {**_a(w), "pk": w.invitation[0]}),
    # evidence
    "evidence:date": province(C.ANSWER_EDIT, _file, method="post", data={"date": "1/7/2567"}),
    "evidence:download": province(C.RESPONSE_READ, _file),
    "evidence:listing": province(C.RESPONSE_READ, lambda w: {"pk": w.evidence.response.pk}),
    "evidence:mark": province(C.ANSWER_EDIT, lambda w: {**_file(w), "mark_id": w.mark.pk}, method="post", data=_MARK),
    "evidence:mark-restore": province(C.ANSWER_EDIT, lambda w: {**_file(w), "number": w.unmarked.seq}, method="post"),
    "evidence:marks": province(C.ANSWER_EDIT, _file, method="post", data=_MARK),
    "evidence:remove": province(C.ANSWER_EDIT, _file, method="post"),
    "evidence:restore": province(C.ANSWER_EDIT, _removed, method="post"),
    "evidence:scans": central(C.PROVINCES_MANAGE),
    "evidence:slot": province(
        C.RESPONSE_READ,
        lambda w: {"pk": w.evidence.response.pk, "item_id": "E1"},
        query="?at=E1%3Ddone",
    ),
    # reports
    "reports:again": province(C.REPORT_READ, _job, method="post"),
    "reports:cancel": province(C.REPORT_READ, _job, method="post"),
    "reports:download": province(C.REPORT_READ, _job),
    "reports:job": province(C.REPORT_READ, _job),
    "reports:list": province(C.REPORT_READ, _response),
    "reports:make": province(C.REPORT_READ, _response, method="post", data={"kind": "result"}),
    "reports:metrics": everybody(),  # from this machine; tests/reports/system/test_metrics.py asks from others
    "reports:system": central(C.SYSTEM_READ),
    # scoring
    "scoring:compare": province(C.RESPONSE_READ, _response),
    "scoring:efforts": province(C.ANSWER_EDIT, _response),
    "scoring:externals": province(C.EXTERNAL_SCORE_EDIT, _response),
    "scoring:fit": province(C.INSTRUMENTS_MANAGE, _response),
    "scoring:panel": province(C.RESPONSE_READ, _response),
    "scoring:plan": province(C.RESPONSE_READ, _response),
    "scoring:plan-action": province(
        C.ANSWER_EDIT, lambda w: {**_plan(w), "action": w.plan.actions.get().pk}, method="post"
    ),
    "scoring:plan-drop": province(C.ANSWER_EDIT, _plan, method="post"),
    "scoring:plan-restore": province(
        C.ANSWER_EDIT, lambda w: {"pk": w.response.pk, "number": w.dropped_plan.pk}, method="post"
    ),
    "scoring:plan-file": province(C.RESPONSE_READ, lambda w: {**_plan(w), "kind": "xlsx"}),
    "scoring:plan-follow": province(C.RESPONSE_READ, _plan),
    "scoring:plan-take": province(C.ANSWER_EDIT, _response, method="post"),
    "scoring:results-import": anywhere(C.OFFICIAL_RESULT_EDIT),
    "scoring:scenario-drop": province(
        C.ANSWER_EDIT, lambda w: {**_response(w), "scenario": w.scenario.pk}, method="post"
    ),
    "scoring:scenario-restore": province(
        C.ANSWER_EDIT, lambda w: {**_response(w), "scenario": w.dropped_scenario.pk}, method="post"
    ),
    "scoring:scenario-save": province(C.ANSWER_EDIT, _response, method="post"),
    "scoring:scheme-file": central(C.INSTRUMENTS_MANAGE, _scheme),
    "scoring:scheme-use": central(C.INSTRUMENTS_MANAGE, _scheme, method="post"),
    "scoring:schemes": central(C.INSTRUMENTS_MANAGE),
    "scoring:score": province(C.RESPONSE_READ, _response),
    "scoring:score-file": province(C.RESPONSE_READ, lambda w: {**_response(w), "kind": "xlsx"}),
    "scoring:whatif": province(C.RESPONSE_READ, _response),
    "scoring:why": province(C.RESPONSE_READ, lambda w: {**_response(w), "code": "1.1"}),
    "scoring:years": province(C.RESPONSE_READ, _response),
    # survey
    "survey:answer": province(C.ANSWER_EDIT, _question, method="post"),
    "survey:answer-restore": province(C.ANSWER_EDIT, _question, method="post"),
    "survey:answers": province(C.RESPONSE_READ, _response),
    "survey:approve": province(C.APPROVE, _response),
    "survey:assignment-add": province(C.ASSIGN, _round),
    "survey:assignment-apply": province(C.ASSIGN, _round, method="post"),
    "survey:assignment-cell": province(C.ASSIGN, lambda w: {**_round(w), "agency": "A1", "column": "1.1"}),
    "survey:assignment-edit": province(C.ASSIGN, _part),
    "survey:assignment-import": province(C.ASSIGN, _round),
    "survey:assignment-print": province(C.RESPONSE_READ, _round),
    "survey:assignment-reassign": province(C.ASSIGN, _round),
    "survey:assignment-remove": province(C.ASSIGN, _part),
    "survey:assignment-template": province(C.ASSIGN, _round),
    "survey:assignments": province(C.ASSIGN, _round),
    "survey:board": province(C.RESPONSE_READ, _round),
    "survey:board-agency": province(C.RESPONSE_READ, lambda w: {**_round(w), "agency": "A1"}),
    "survey:brief": province(C.RESPONSE_READ, _response),
    "survey:calendar": Row(_takes_part, _round),
    "survey:carried": province(C.RESPONSE_READ, lambda w: {"pk": w.carried.pk}),
    "survey:carried-settle": province(
        C.ANSWER_EDIT, lambda w: {"pk": w.carried.pk, "item_id": w.trial.question().item_id}, method="post"
    ),
    "survey:changes": province(C.RESPONSE_READ, _response),
    "survey:check": province(C.RESPONSE_READ, _response),
    "survey:next-point": province(C.RESPONSE_READ, _response),
    "survey:consolidate": province(C.ANSWER_EDIT, _response),
    "survey:consolidate-agreed": province(C.ANSWER_EDIT, _response),
    "survey:consolidate-item": province(C.ANSWER_EDIT, _question),
    "survey:consolidate-report": province(C.ANSWER_EDIT, lambda w: {"pk": w.response.pk, "seq": w.agreed}),
    "survey:delegation-document": province(C.RESPONSE_READ, _delegation),
    "survey:delegation-new": Row(_delegates, _a),
    "survey:delegation-revoke": Row(_delegates, _delegation),
    "survey:delegations": province(C.RESPONSE_READ, _a),
    "survey:desk": Row(_coordinates, _round),
    "survey:fill": province(C.RESPONSE_READ, _section),
    "survey:guide": signed_in(lambda w: {"slug": "start"}),
    "survey:help": signed_in(),
    "survey:history": province(C.RESPONSE_READ, _question),
    "survey:home": signed_in(),
    "survey:journal": province(C.JOURNAL_READ, _response),
    "survey:last-year": province(C.RESPONSE_READ, _question),
    "survey:letter-again": province(
        C.USERS_MANAGE, lambda w: {"source": "notice", "pk": w.given_up_letter}, method="post"
    ),
    "survey:letters": anywhere(C.USERS_MANAGE),
    "survey:mail-stop": everybody(lambda w: {"token": unsubscribe_url(w.member).rstrip("/").rpartition("/")[2]}),
    "survey:meeting": province(C.RESPONSE_READ, _meeting),
    "survey:meeting-amend": province(C.ENDORSE, _concluded),
    "survey:meeting-amend-subject": province(C.ENDORSE, _amended),
    "survey:meeting-attendance": province(C.ENDORSE, _meeting),
    "survey:meeting-cancel": province(C.ENDORSE, _meeting),
    "survey:meeting-conclude": province(C.ENDORSE, _meeting),
    "survey:meeting-edit": province(C.ENDORSE, _meeting),
    "survey:meeting-late": province(C.ENDORSE, _meeting, method="post"),
    "survey:meeting-new": province(C.ENDORSE, _round),
    "survey:meeting-opinions": province(C.RESPONSE_READ, _meeting),
    "survey:meeting-paper": province(C.REPORT_READ, _meeting, method="post"),
    "survey:meeting-resolutions": province(C.ENDORSE, _meeting),
    "survey:meeting-tabled": province(C.REPORT_READ, _tabled),
    "survey:meetings": province(C.RESPONSE_READ, _round),
    "survey:nav": province(C.RESPONSE_READ, _section),
    "survey:notice": Row(lambda w, u: u == w.member, lambda w: {"pk": w.notice.pk}, method="post"),
    "survey:notices": signed_in(),
    "survey:notices-digest": signed_in(method="post"),
    "survey:notices-read": signed_in(method="post"),
    "survey:part": agency(C.CONTRIBUTION_EDIT, lambda w: {**_part(w), "name": "submit"}, method="post"),
    "survey:part-done": agency(C.CONTRIBUTION_EDIT, _part),
    "survey:part-hand-over": province(C.ASSIGN, _part, method="post"),
    "survey:part-open": agency(C.CONTRIBUTION_EDIT, _part, method="post"),
    "survey:part-page": agency(C.CONTRIBUTION_READ, _part),
    "survey:part-review": agency(C.CONTRIBUTION_EDIT, _part),
    "survey:parts-decide": province(C.ASSIGN, _round, method="post"),
    "survey:parts-waiting": province(C.ASSIGN, _round),
    "survey:place": province(C.RESPONSE_READ, lambda w: {**_round(w), "key": "score"}),
    "survey:present": province(C.RESPONSE_READ, _section, method="post"),
    "survey:province-journal": province(C.JOURNAL_READ, _a),
    "survey:province-journal-export": province(C.JOURNAL_READ, lambda w: {**_a(w), "kind": "csv" if w.trial else ""}),
    "survey:register": province(C.RESPONSE_READ, _a),
    "survey:register-edit": province(C.ENDORSE, _order),
    "survey:register-member": province(C.ENDORSE, _seat),
    "survey:register-member-new": province(C.ENDORSE, _order),
    "survey:register-new": province(C.ENDORSE, _a),
    "survey:register-order": province(C.RESPONSE_READ, _order),
    "survey:reopen": province(C.REOPEN, _response),
    "survey:response": province(C.RESPONSE_READ, _response),
    "survey:return": province(C.RETURN, _response),
    "survey:round": Row(_takes_part, _round),
    "survey:round-guards": province(C.ROUND_MANAGE, _round),
    "survey:round-edit": province(C.ROUND_MANAGE, _round),
    "survey:round-extend": province(C.ROUND_MANAGE, _round),
    "survey:round-new": province(C.ROUND_MANAGE, _a),
    "survey:round-next": province(C.ROUND_MANAGE, _round),
    "survey:rounds": province(C.ROUND_MANAGE, _a),
    "survey:stand-in-end": Row(_lets_stand_in, lambda w: {**_a1(w), "pk": w.stand_in.pk}),
    "survey:stand-ins": Row(_works_for_a1, _a1),
    "survey:submit": province(C.SUBMIT, _response),
    "survey:verify": everybody(lambda w: {"public_id": w.frozen.public_id}),
    "survey:thread-reopen": province(C.RESPONSE_READ, _thread, method="post"),
    "survey:thread-reply": province(C.RESPONSE_READ, _thread, method="post", data={"text": "ตอบ"}),
    "survey:thread-resolve": province(C.ANSWER_EDIT, _thread, method="post"),
    "survey:threads": province(C.RESPONSE_READ, _response),
    "survey:threads-item": province(C.RESPONSE_READ, _question),
    "survey:version": province(C.RESPONSE_READ, lambda w: {"pk": w.frozen.response_id, "number": w.frozen.number}),
    "survey:version-content": province(
        C.RESPONSE_READ, lambda w: {"pk": w.frozen.response_id, "number": w.frozen.number}
    ),
    "survey:versions": province(C.RESPONSE_READ, _response),
    "survey:withdraw": province(C.SUBMIT, _response),
    # the frame
    "healthz": everybody(),
    "read_day": signed_in(query="?text=7/12/2569"),
    "readyz": everybody(),
    "session_ping": signed_in(method="post"),
    "set_language": everybody(method="post"),
}
