"""One of everything that an address may name, for walks through all addresses in every role."""

from datetime import timedelta
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts import actions
from accounts.models import Membership, User
from accounts.models.post import GivenUp
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
    DataFile,
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
from survey.notices.letters import queue_letter
from survey.publishing.reading import checksum_of
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
    def data_file(self) -> DataFile:
        """A draft of a scheme of a year that has no form."""
        text = "scheme: x-2581"
        ends = {"kind": "scheme", "key": "x", "year": 2581, "version": 3, "checksum": checksum_of(text)}
        return DataFile.objects.create(**ends, text=text, loaded_at=timezone.now())

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
