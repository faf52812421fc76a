"""How many invitations a day, and one open at a time: nobody floods addresses from an account they took over."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.log import RefusedError
from accounts.models import AccountEvent, Agency, Invitation, Province, User
from accounts.roles import Role

SENT: Final = ("invite", "invite_again")
DAY: Final = timedelta(days=1)
# One by one: more than anybody types in a day. Who has more to invite sends a list, which shows first whom it invites.
MAKER_A_DAY: Final = 200
# A province of 100 agencies with five people each, twice; of the centre's own place too. Lists count.
PLACE_A_DAY: Final = 1000
# The invitation, and as many letters again as somebody asks for who cannot find it.
ADDRESS_A_DAY: Final = 5


def check_limits(*, by: User | None, province: Province | None, email: str) -> None:
    """Raises RefusedError for one invitation too many of its maker, place or address. One query; none for commands."""
    if by is None:
        return
    sent = _sent_today().aggregate(
        maker=Count("pk", filter=Q(by=by)),
        place=Count("pk", filter=Q(province=province)),
        address=Count("pk", filter=Q(data__after__email=email)),
    )
    if sent["address"] >= ADDRESS_A_DAY:
        text = _("วันนี้ส่งคำเชิญถึงอีเมลนี้ครบ %(most)d ครั้งแล้ว ให้ผู้รับดูในโฟลเดอร์จดหมายขยะ หรือส่งใหม่พรุ่งนี้")
        raise RefusedError(text % {"most": ADDRESS_A_DAY})
    if sent["maker"] >= MAKER_A_DAY:
        text = _("วันนี้ท่านเชิญทีละคนครบ %(most)d ครั้งแล้ว ใช้ “เชิญหลายคนพร้อมกัน” หรือเชิญต่อพรุ่งนี้")
        raise RefusedError(text % {"most": MAKER_A_DAY})
    _check_place(sent["place"])


def check_list_limit(*, province: Province, new: int) -> None:
    """Raises RefusedError for a list that would bring its place above PLACE_A_DAY. One query."""
    if new:
        _check_place(_sent_today().filter(province=province).count() + new - 1)


def check_one_invitation(
    *, by: User | None, email: str, role: Role, province: Province | None, agency: Agency | None
) -> None:
    """Locks the place and raises RefusedError for an invitation that is open already, or one too many."""
    lock_place(province, by)
    _check_none_open(by=by, email=email, role=role, province=province, agency=agency)
    check_limits(by=by, province=province, email=email)


def _check_none_open(
    *, by: User | None, email: str, role: Role, province: Province | None, agency: Agency | None
) -> None:
    """Raises RefusedError where an invitation to the same role there is open: its letter can be sent again.

    Call with the place locked. The command line may make another link: whoever runs it may have lost the first.
    """
    open_ones = Invitation.objects.filter(used_at=None, withdrawn_at=None, expires_at__gt=timezone.now())
    same = open_ones.filter(email=email, role=role, province=province, agency=agency)
    if by is not None and same.exists():
        raise RefusedError(_("อีเมลนี้มีคำเชิญในบทบาทนี้ที่รอตอบรับอยู่แล้ว กด “ส่งอีกครั้ง” ที่หน้าผู้ใช้แทน"))


def lock_place(province: Province | None, by: User | None) -> None:
    """Two who invite to the same place wait for each other; of the centre, only the same person."""
    if province is not None:
        Province.objects.select_for_update(no_key=True).only("pk").get(pk=province.pk)
    elif by is not None:
        User.objects.select_for_update(no_key=True).only("pk").get(pk=by.pk)


def _check_place(sent: int) -> None:
    if sent >= PLACE_A_DAY:
        text = _("วันนี้ส่งคำเชิญของที่นี่ครบ %(most)d ฉบับแล้ว เชิญต่อพรุ่งนี้")
        raise RefusedError(text % {"most": PLACE_A_DAY})


def _sent_today() -> QuerySet[AccountEvent]:
    return AccountEvent.objects.filter(verb__in=SENT, at__gt=timezone.now() - DAY)
