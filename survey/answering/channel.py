"""By which way the answers of a contribution came: online, in a workbook, on paper; and which document is the paper."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from accounts.models import User
from survey.journal import actions as journal
from survey.models import Channel, Event, Response

CHANNEL_VERB = "response.channel"
PAPER_VERB = "response.paper"


@dataclass(frozen=True, slots=True)
class ChannelCount:
    """How many contributions came by one channel."""

    channel: Channel
    count: int


def channel_label(channel: str) -> str:
    """A channel in words where it is another than the page itself, else ""."""
    return "" if channel == Channel.ONLINE else str(Channel(channel).label)


def count_channels(channels: Iterable[str]) -> list[ChannelCount]:
    """How many contributions came by each channel, in the order of Channel."""
    found = list(channels)
    return [ChannelCount(channel, found.count(channel)) for channel in Channel]


def record_channel(*, by: User, response: Response, channel: Channel) -> None:
    """Notes the channel of a response that is locked (survey.journal.actions.lock_response); once is enough."""
    if response.channel == channel:
        return
    data = {"from": response.channel, "to": str(channel)}
    response.channel = str(channel)
    Response.objects.filter(pk=response.pk).update(channel=response.channel)
    journal.record_event(by=by, response=response, verb=CHANNEL_VERB, data=data)


@transaction.atomic
def take_back_paper(*, by: User, response: Response) -> None:
    """Notes that the answers do not come from a paper after all: the channel before counts again."""
    locked = journal.lock_response(response.pk)
    if locked.channel != Channel.PAPER:
        return
    told = Event.objects.filter(response=locked, verb=CHANNEL_VERB).order_by("-seq").first()
    before = told.data["from"] if told else Channel.ONLINE
    record_channel(by=by, response=locked, channel=Channel(before))


@transaction.atomic
def begin_paper(*, by: User, response: Response, paper: UUID | None = None, name: str = "") -> None:
    """Notes that answers are typed from a paper; `paper`: the document of the library that shows it, by its `name`."""
    locked = journal.lock_response(response.pk)
    record_channel(by=by, response=locked, channel=Channel.PAPER)
    if paper is None or locked.paper == paper:
        return
    data = {"from": str(locked.paper or ""), "to": str(paper), "paper": name}
    Response.objects.filter(pk=locked.pk).update(paper=paper)
    journal.record_event(by=by, response=locked, verb=PAPER_VERB, data=data)
