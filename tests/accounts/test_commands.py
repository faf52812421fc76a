"""Commands for whoever runs the installation."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import AccountEvent, Invitation, Province, User
from accounts.roles import Capability
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


def run(*args: str, **options: Any) -> str:
    """Run a command; returns what it printed."""
    out = StringIO()
    call_command(*args, stdout=out, **options)
    return out.getvalue()


def test_all_provinces_are_loaded_once() -> None:
    assert run("load_provinces") == "76 provinces, 76 new\n"
    lines = AccountEvent.objects.count()
    assert run("load_provinces") == "76 provinces, 0 new\n"
    assert AccountEvent.objects.count() == lines
    province = Province.objects.get(code="TH-43")
    assert (province.name_th, province.name_en, province.region) == ("หนองคาย", "Nong Khai", "northeast")


def test_names_are_corrected_by_loading_again() -> None:
    run("load_provinces")
    Province.objects.filter(code="TH-43").update(name_th="ผิด")
    run("load_provinces")
    assert Province.objects.get(code="TH-43").name_th == "หนองคาย"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("x: [", r"x\.yaml"),
        ("just text", "not a list"),
        ("- {code: TH-43}", "entry 1: needs"),
        ("- {code: TH-43, name_th: ก, name_en: a, region: isan}", "no region 'isan'"),
        ("- &p {code: TH-43, name_th: ก, name_en: a, region: north}\n- *p", "TH-43 again"),
        ("- {code: X, name_th: ก, name_en: a, region: north}", r"ISO 3166\-2"),
    ],
)
def test_a_faulty_file_changes_nothing(tmp_path: Path, content: str, says: str) -> None:
    file = tmp_path / "x.yaml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(CommandError, match=says):
        run("load_provinces", str(file))
    assert not Province.objects.exists()


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"none\.yaml"):
        run("load_provinces", str(tmp_path / "none.yaml"))


def test_create_admin_prints_a_link(client: Client) -> None:
    link = run("create_admin", "--link", email="First@Example.org").strip()
    path = link.removeprefix("http://127.0.0.1:8000")
    form = {"first_name": "ก", "last_name": "ข", "password1": PASSWORD, "password2": PASSWORD}
    assert client.post(path, form).status_code == 302
    assert User.objects.get(email="first@example.org").has(Capability.PROVINCES_MANAGE)
    assert Invitation.objects.get().by is None


def test_create_admin_asks_for_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    module = "accounts.management.commands.create_admin"
    monkeypatch.setattr(f"{module}.sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr(f"{module}.getpass", lambda prompt: PASSWORD)
    assert "now a central administrator" in run("create_admin", email="first@example.org")
    user = User.objects.get(email="first@example.org")
    assert user.check_password(PASSWORD)
    with pytest.raises(CommandError):
        run("create_admin", email="first@example.org")
    monkeypatch.setattr(f"{module}.getpass", lambda prompt: "short")
    with pytest.raises(CommandError):
        run("create_admin", email="second@example.org")
    answers = iter([PASSWORD, "other"])
    monkeypatch.setattr(f"{module}.getpass", lambda prompt: next(answers))
    with pytest.raises(CommandError, match="differ"):
        run("create_admin", email="second@example.org")
    assert not User.objects.filter(email="second@example.org").exists()


def test_create_admin_promotes_and_refuses() -> None:
    user = UserFactory()
    run("create_admin", email=user.email)
    assert User.objects.get(pk=user.pk).has(Capability.PROVINCES_MANAGE)
    with pytest.raises(CommandError):
        run("create_admin", email="not an address")
