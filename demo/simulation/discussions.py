"""What is said in a played year: questions about answers, replies, and notices that people read."""

from __future__ import annotations

from typing import Final

from accounts.models import Agency, User
from demo.simulation.simulation import Simulation
from survey.instrument.queries import questions_by_item_id
from survey.models import Answer, Comment, Response
from survey.notices import actions as notices
from survey.rounds import deadlines
from survey.threads import actions as threads
from survey.threads.actions import ThreadSubject

ASKED_SHARE: Final = 0.5  # of the agencies, how many are asked something before they submit
UNRESOLVED_SHARE: Final = 0.3  # of the remarks that demand no answer, how many nobody closes
READ_SHARE: Final = 0.6  # of the people, how many read their notices in the app

QUESTIONS: Final = (
    "ตัวอย่าง: ตัวเลขนี้นับถึงวันที่เท่าใด",
    "ตัวอย่าง: งานนี้ทำเพิ่มจากที่กรมต้นสังกัดจัดให้หรือไม่",
    "ตัวอย่าง: เอกสารที่แนบเป็นฉบับลงนามแล้วหรือไม่",
)
REPLIES: Final = ("ตัวอย่าง: ตรวจแล้ว ข้อมูลถูกต้อง", "ตัวอย่าง: แก้ไขในคำตอบแล้ว", "ตัวอย่าง: เพิ่มเอกสารให้แล้ว")
COMMITTEE_COMMENT: Final = "ตัวอย่าง: ขอให้ตรวจข้อนี้กับแผนของจังหวัดก่อนประชุม"


def ask_agencies_for_clarification(stage: Simulation) -> None:
    """The secretariat asks some agencies about an answer, before it may be submitted; they reply and close it."""
    asked = [agency for agency in stage.agencies if stage.rng("ask", stage.place[agency.pk]).random() < ASKED_SHARE]
    done = sum(_ask_agency(stage, agency) for agency in asked or stage.agencies[:1])
    stage.say(f"the secretariat asked {done} agencies about an answer; each replied")


def _ask_agency(stage: Simulation, agency: Agency) -> bool:
    response, who = stage.response(agency), stage.cast.coordinators[agency.pk]
    rng = stage.rng("ask", stage.place[agency.pk], "what")
    given = _answered_questions(response)
    if not given:
        return False
    about = ThreadSubject(questions_by_item_id(stage.round.instrument)[rng.choice(given)])
    text = rng.choice(QUESTIONS)
    first = threads.start_thread(
        by=stage.office, response=response, text=text, about=about, must_answer=True, mentions=[who]
    )
    threads.reply_to_thread(by=who, response=response, thread=first, text=rng.choice(REPLIES))
    threads.resolve_thread(by=who, response=response, thread=first)
    return True


def comment_on_draft(stage: Simulation) -> None:
    """A member of the committee remarks on the draft before the meeting; the secretariat answers."""
    response, rng = stage.response(), stage.rng("remark")
    rows, given = questions_by_item_id(stage.round.instrument), _answered_questions(response)
    for question in rng.sample(given, min(2, len(given))):
        about = ThreadSubject(rows[question], address=question)
        first = threads.start_thread(
            by=stage.cast.committee, response=response, text=COMMITTEE_COMMENT, about=about, mentions=[stage.office]
        )
        threads.reply_to_thread(by=stage.office, response=response, thread=first, text=rng.choice(REPLIES))
        if rng.random() >= UNRESOLVED_SHARE:
            threads.resolve_thread(by=stage.office, response=response, thread=first)


def resolve_open_comments(stage: Simulation, by: User) -> list[Comment]:
    """Replies to every open remark on the province's answer and closes it; which those were."""
    response = stage.response()
    rows = Comment.objects.filter(response=response, parent=None, resolved_at=None).select_related("by", "question")
    found = list(rows.order_by("pk"))
    for number, first in enumerate(found):
        threads.reply_to_thread(by=by, response=response, thread=first, text=REPLIES[number % len(REPLIES)])
        threads.resolve_thread(by=by, response=response, thread=first)
    return found


def _answered_questions(response: Response) -> list[str]:
    rows = Answer.objects.filter(response=response).exclude(value={})
    return list(rows.order_by("question__order").values_list("question__item_id", flat=True))


# -- notices --------------------------------------------------------------------------------------


def send_reminders(stage: Simulation) -> None:
    """The morning's word of the round's days, in the app."""
    stage.say(f"reminded in the app: {deadlines.create_deadline_notices(only=stage.round)} notices")


def read_some_notices(stage: Simulation) -> None:
    """Some people read what they were told."""
    people = [*stage.cast.secretariat, stage.cast.committee, stage.cast.governor, *stage.cast.coordinators.values()]
    for number, user in enumerate(people):
        if stage.rng("read", number).random() < READ_SHARE:
            notices.mark_notices_read(by=user)
