"""Discussions in a simulated year: questions about answers, replies, and notices that people read."""

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


def ask_agencies_for_clarification(simulation: Simulation) -> None:
    """The secretariat asks some agencies about an answer, before it may be submitted; they reply and close it."""
    asked = [
        agency
        for agency in simulation.agencies
        if simulation.rng("ask", simulation.agency_numbers[agency.pk]).random() < ASKED_SHARE
    ]
    asked_count = sum(_ask_agency(simulation, agency) for agency in asked or simulation.agencies[:1])
    simulation.print_line(f"the secretariat asked {asked_count} agencies about an answer; each replied")


def _ask_agency(simulation: Simulation, agency: Agency) -> bool:
    response, who = simulation.response(agency), simulation.people.coordinators[agency.pk]
    rng = simulation.rng("ask", simulation.agency_numbers[agency.pk], "what")
    given = _answered_questions(response)
    if not given:
        return False
    about = ThreadSubject(questions_by_item_id(simulation.round.instrument)[rng.choice(given)])
    text = rng.choice(QUESTIONS)
    thread = threads.start_thread(
        by=simulation.secretary, response=response, text=text, about=about, must_answer=True, mentions=[who]
    )
    threads.reply_to_thread(by=who, response=response, thread=thread, text=rng.choice(REPLIES))
    threads.resolve_thread(by=who, response=response, thread=thread)
    return True


def comment_on_draft(simulation: Simulation) -> None:
    """A member of the committee remarks on the draft before the meeting; the secretariat answers."""
    response, rng = simulation.response(), simulation.rng("remark")
    rows, given = questions_by_item_id(simulation.round.instrument), _answered_questions(response)
    for question in rng.sample(given, min(2, len(given))):
        about = ThreadSubject(rows[question], address=question)
        thread = threads.start_thread(
            by=simulation.people.committee,
            response=response,
            text=COMMITTEE_COMMENT,
            about=about,
            mentions=[simulation.secretary],
        )
        threads.reply_to_thread(by=simulation.secretary, response=response, thread=thread, text=rng.choice(REPLIES))
        if rng.random() >= UNRESOLVED_SHARE:
            threads.resolve_thread(by=simulation.secretary, response=response, thread=thread)


def resolve_open_comments(simulation: Simulation, by: User) -> list[Comment]:
    """Replies to every open comment on the provincial answer and resolves it. Returns which."""
    response = simulation.response()
    rows = Comment.objects.filter(response=response, parent=None, resolved_at=None).select_related("by", "question")
    comments = list(rows.order_by("pk"))
    for number, comment in enumerate(comments):
        threads.reply_to_thread(by=by, response=response, thread=comment, text=REPLIES[number % len(REPLIES)])
        threads.resolve_thread(by=by, response=response, thread=comment)
    return comments


def _answered_questions(response: Response) -> list[str]:
    rows = Answer.objects.filter(response=response).exclude(value={})
    return list(rows.order_by("question__order").values_list("question__item_id", flat=True))


# -- notices --------------------------------------------------------------------------------------


def send_reminders(simulation: Simulation) -> None:
    """Sends the daily reminders of the round's dates, in the app."""
    simulation.print_line(f"reminded in the app: {deadlines.create_deadline_notices(only=simulation.round)} notices")


def read_some_notices(simulation: Simulation) -> None:
    """Some people read their notices."""
    people = [
        *simulation.people.secretariat,
        simulation.people.committee,
        simulation.people.governor,
        *simulation.people.coordinators.values(),
    ]
    for number, user in enumerate(people):
        if simulation.rng("read", number).random() < READ_SHARE:
            notices.mark_notices_read(by=user)
