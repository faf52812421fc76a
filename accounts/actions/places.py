"""Creating and changing provinces and agencies."""

from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.actions.log import NotAllowed, RefusedError, field_values, record_account_event
from accounts.models import Agency, Province, User
from accounts.respondents import RespondentKind
from accounts.roles import Capability

PlaceT = TypeVar("PlaceT", Province, Agency)

_PROVINCE_FIELDS = ("code", "name_th", "name_en", "region")
_DEPARTMENT_FIELDS = ("code", "name_th", "name_en", "ministry")
_AGENCY_FIELDS = ("code", "name_th", "name_en", "kind", "parent_id", "head_id", "active")


def _check_capability(by: User | None, cap: Capability, province: Province | None = None) -> None:
    # Without a province only a central role will do: has() would take a role in any province.
    if by is None:
        return
    central = any(g.province_id is None and cap in g.capabilities for g in by.grants)
    if not (by.is_active and central) and not (province and by.has(cap, province_id=province.pk)):
        raise NotAllowed


def _check_head(head: User | None, province: Province) -> None:
    """Raise RefusedError unless the head of an agency is an active user of its province."""
    if head is not None and not (head.is_active and head.memberships.filter(province=province, active=True).exists()):
        raise RefusedError(_("หัวหน้าหน่วยงานต้องเป็นผู้ใช้ของ%(own)sนี้") % province.words)


def _check_parent(parent: Province | None, respondent: Province) -> None:
    """Raise RefusedError unless the parent of an agency in a province is a department."""
    if parent is not None and (respondent.is_department or not parent.is_department):
        raise RefusedError(_("กรมต้นสังกัดต้องเป็นหน่วยงานในรายชื่อส่วนราชการ และระบุได้เฉพาะหน่วยงานของจังหวัด"))


def _save_unique(place: Province | Agency) -> None:
    try:
        with transaction.atomic():
            place.full_clean(validate_unique=False, validate_constraints=False)
            place.save()
    except IntegrityError as error:
        raise RefusedError(_("มีรหัสนี้อยู่แล้ว")) from error


@transaction.atomic
def create_province(*, by: User | None, code: str, name_th: str, name_en: str, region: str) -> Province:
    """Add a province; raises NotAllowed, RefusedError or ValidationError."""
    _check_capability(by, Capability.PROVINCES_MANAGE)
    province = Province(code=code, name_th=name_th, name_en=name_en, region=region)
    _save_unique(province)
    after = field_values(province, _PROVINCE_FIELDS)
    record_account_event(by=by, verb="create_province", province=province, after=after)
    return province


@transaction.atomic
def change_province(*, by: User | None, province: Province, **changes: Any) -> Province:
    """Change names or region; the code stays. Raises NotAllowed or ValidationError."""
    _check_capability(by, Capability.PROVINCES_MANAGE)
    return _change_place(
        by, province, province, {name: changes[name] for name in _PROVINCE_FIELDS[1:] if name in changes}
    )


@transaction.atomic
def create_department(*, by: User | None, code: str, name_th: str, name_en: str, ministry: str) -> Province:
    """Add a department that answers forms; raises NotAllowed, RefusedError or ValidationError."""
    _check_capability(by, Capability.PROVINCES_MANAGE)
    names = {"code": code, "name_th": name_th, "name_en": name_en, "ministry": ministry}
    department = Province(kind=RespondentKind.DEPARTMENT, **names)
    _save_unique(department)
    after = field_values(department, _DEPARTMENT_FIELDS)
    record_account_event(by=by, verb="create_department", province=department, after=after)
    return department


@transaction.atomic
def change_department(*, by: User | None, department: Province, **changes: Any) -> Province:
    """Change names or ministry; the code stays. Raises NotAllowed or ValidationError."""
    _check_capability(by, Capability.PROVINCES_MANAGE)
    wanted = {name: changes[name] for name in _DEPARTMENT_FIELDS[1:] if name in changes}
    return _change_place(by, department, department, wanted)


@transaction.atomic
def create_agency(
    *,
    by: User | None,
    province: Province,
    code: str,
    name_th: str,
    name_en: str = "",
    kind: str,
    head: User | None = None,
    parent: Province | None = None,
) -> Agency:
    """Add an agency to a province; raises NotAllowed, RefusedError or ValidationError."""
    _check_capability(by, Capability.AGENCIES_MANAGE, province)
    _check_head(head, province)
    _check_parent(parent, province)
    names = {"code": code, "name_th": name_th, "name_en": name_en}
    agency = Agency(province=province, kind=kind, head=head, parent=parent, **names)
    _save_unique(agency)
    record_account_event(by=by, verb="create_agency", province=province, after=field_values(agency, _AGENCY_FIELDS))
    return agency


@transaction.atomic
def change_agency(*, by: User | None, agency: Agency, **changes: Any) -> Agency:
    """Change names, code, kind, head or parent department; raises NotAllowed, RefusedError or ValidationError."""
    _check_capability(by, Capability.AGENCIES_MANAGE, agency.province)
    if "head" in changes:
        head: User | None = changes.pop("head")
        _check_head(head, agency.province)
        changes["head_id"] = head.pk if head else None
    if "parent" in changes:
        parent: Province | None = changes.pop("parent")
        _check_parent(parent, agency.province)
        changes["parent_id"] = parent.pk if parent else None
    wanted = {name: changes[name] for name in _AGENCY_FIELDS[:-1] if name in changes}
    return _change_place(by, agency, agency.province, wanted)


@transaction.atomic
def set_agency_active(*, by: User | None, agency: Agency, active: bool) -> Agency:
    """Deactivate an agency (its coordinators lose their role meanwhile) or reactivate it; raises NotAllowed."""
    _check_capability(by, Capability.AGENCIES_MANAGE, agency.province)
    return _change_place(by, agency, agency.province, {"active": active})


def _change_place(by: User | None, place: PlaceT, province: Province, after: dict[str, Any]) -> PlaceT:
    stored = type(place).objects.get(pk=place.pk)
    before = field_values(stored, after)
    for field, value in after.items():
        setattr(place, field, value)
    if before != after:
        _save_unique(place)
        is_department = isinstance(place, Province) and place.is_department
        verb = "change_department" if is_department else f"change_{type(place).__name__.lower()}"
        record_account_event(by=by, verb=verb, province=province, before=before, after={"code": place.code, **after})
    return place
