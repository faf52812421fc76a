"""Small worlds for tests: one factory per model, in alphabetical order."""

from typing import Any

import factory
from factory.django import DjangoModelFactory

from accounts.models import Agency, Membership, Province, User
from accounts.roles import Role


class AgencyFactory(DjangoModelFactory):
    """An agency of a province of its own unless one is given."""

    class Meta:
        model = Agency

    province = factory.SubFactory("tests.factories.ProvinceFactory")
    code = factory.Sequence(lambda n: f"AG{n}")
    name_th = factory.Sequence(lambda n: f"สำนักงานตัวอย่าง {n}")
    name_en = factory.Sequence(lambda n: f"Sample Office {n}")


class MembershipFactory(DjangoModelFactory):
    """A secretariat role; give `agency` and a coordinator's province follows."""

    class Meta:
        model = Membership

    user = factory.SubFactory("tests.factories.UserFactory")
    role = Role.SECRETARIAT
    agency = None
    province = factory.LazyAttribute(lambda o: o.agency.province if o.agency else ProvinceFactory())


class ProvinceFactory(DjangoModelFactory):
    """A province with a code no real province has (TH-00 … as the tests need them)."""

    class Meta:
        model = Province

    code = factory.Sequence(lambda n: f"TH-{n % 100:02}")
    name_th = factory.Sequence(lambda n: f"จังหวัดตัวอย่าง {n}")
    name_en = factory.Sequence(lambda n: f"Sample Province {n}")
    region = "northeast"


class UserFactory(DjangoModelFactory):
    """An active person whose password is PASSWORD."""

    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    first_name = "สมชาย"
    last_name = factory.Sequence(lambda n: f"ตัวอย่าง {n}")

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        return model_class.objects.create_user(*args, **{"password": PASSWORD, **kwargs})


PASSWORD = "a-long-enough-word"
