"""What is said in a played year: questions about answers, replies, and notices that people read."""

from __future__ import annotations

from typing import Final

from accounts.models import Agency, User
from demo.play.stage import Stage
from survey.instrument.queries import questions_of
from survey.models import Answer, Comment, Response
from survey.notices import actions as notices
from survey.rounds import deadlines
from survey.threads import actions as threads
from survey.threads.actions import About

ASKED: Final = 0.5  # of the agencies, how many are asked something before they submit
LEFT: Final = 0.3  # of the remarks that demand no answer, how many nobody closes
READ: Final = 0.6  # of the people, how many read their notices in the app

DEMANDS: Final = (
    "ตัวอย่าง: ตัวเลขนี้นับถึงวันที่เท่าใด",
    "ตัวอย่าง: งานนี้ทำเพิ่มจากที่กรมต้นสังกัดจัดให้หรือไม่",
    "ตัวอย่าง: เอกสารที่แนบเป็นฉบับลงนามแล้วหรือไม่",
)
REPLIES: Final = ("ตัวอย่าง: ตรวจแล้ว ข้อมูลถูกต้อง", "ตัวอย่าง: แก้ไขในคำตอบแล้ว", "ตัวอย่าง: เพิ่มเอกสารให้แล้ว")
REMARK: Final = "ตัวอย่าง: ขอให้ตรวจข้อนี้กับแผนของจังหวัดก่อนประชุม"


def ask_agencies(stage: Stage) -> None:
    """The secretariat asks some agencies about an answer, before it may be submitted; they reply and close it."""
    asked = [agency for agency in stage.agencies if stage.rng("ask", stage.place[agency.pk]).random() < ASKED]
    done = sum(_ask(stage, agency) for agency in asked or stage.agencies[:1])
    stage.say(f"the secretariat asked {done} agencies about an answer; each replied")


def _ask(stage: Stage, agency: Agency) -> bool:
    response, who = stage.response(agency), stage.cast.coordinators[agency.pk]
    rng = stage.rng("ask", stage.place[agency.pk], "what")
    given = _given(response)
    if not given:
        return False
    about = About(questions_of(stage.round.instrument)[rng.choice(given)])
    text = rng.choice(DEMANDS)
    first = threads.start(by=stage.office, response=response, text=text, about=about, must_answer=True, mentions=[who])
    threads.reply(by=who, response=response, thread=first, text=rng.choice(REPLIES))
    threads.resolve(by=who, response=response, thread=first)
    return True


def remark(stage: Stage) -> None:
    """A member of the committee remarks on the draft before the meeting; the secretariat answers."""
    response, rng = stage.response(), stage.rng("remark")
    rows, given = questions_of(stage.round.instrument), _given(response)
    for question in rng.sample(given, min(2, len(given))):
        about = About(rows[question], address=question)
        first = threads.start(
            by=stage.cast.committee, response=response, text=REMARK, about=about, mentions=[stage.office]
        )
        threads.reply(by=stage.office, response=response, thread=first, text=rng.choice(REPLIES))
        if rng.random() >= LEFT:
            threads.resolve(by=stage.office, response=response, thread=first)


def answer_remarks(stage: Stage, by: User) -> list[Comment]:
    """Replies to every open remark on the province's answer and closes it; which those were."""
    response = stage.response()
    rows = Comment.objects.filter(response=response, parent=None, resolved_at=None).select_related("by", "question")
    found = list(rows.order_by("pk"))
    for number, first in enumerate(found):
        threads.reply(by=by, response=response, thread=first, text=REPLIES[number % len(REPLIES)])
        threads.resolve(by=by, response=response, thread=first)
    return found


def _given(response: Response) -> list[str]:
    rows = Answer.objects.filter(response=response).exclude(value={})
    return list(rows.order_by("question__order").values_list("question__item_id", flat=True))


# -- notices --------------------------------------------------------------------------------------


def remind(stage: Stage) -> None:
    """The morning's word of the round's days, in the app."""
    stage.say(f"reminded in the app: {deadlines.remind(only=stage.round)} notices")


def read_notices(stage: Stage) -> None:
    """Some people read what they were told."""
    people = [*stage.cast.secretariat, stage.cast.committee, stage.cast.governor, *stage.cast.coordinators.values()]
    for number, user in enumerate(people):
        if stage.rng("read", number).random() < READ:
            notices.read(by=user)
