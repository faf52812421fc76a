"""A person at a real server without a browser: signs in, fills in the forms that the pages have, posts them."""

from __future__ import annotations

import json
import ssl
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http import HTTPStatus
from http.client import HTTPException, HTTPMessage
from http.cookiejar import CookieJar
from typing import Any

from tests.factories import PASSWORD

Pair = tuple[str, str]
SIGN_IN = "/accounts/sign-in/"


@dataclass
class Form:
    """A form of a page, as it would be sent untouched."""

    action: str
    fields: list[Pair] = field(default_factory=list)

    def filled(self, **given: str | Iterable[str]) -> list[Pair]:
        """Its fields, those given instead of what stood there."""
        out = [(k, v) for k, v in self.fields if k not in given]
        for name, value in given.items():
            out += [(name, v) for v in ([value] if isinstance(value, str) else value)]
        return out


class _Forms(HTMLParser):
    """Collects the forms of a page with the successful controls of each."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select: tuple[str, list[str], list[str]] | None = None  # name, chosen, all
        self._area: tuple[str, list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {k: v or "" for k, v in attrs}
        if tag == "form":
            self._form = Form(given.get("action", ""))
            self.forms.append(self._form)
        if self._form is None or "disabled" in given:
            return
        name, kind = given.get("name", ""), given.get("type", "text")
        if tag == "input" and name and kind not in ("submit", "button", "file", "image", "reset"):
            if kind not in ("radio", "checkbox") or "checked" in given:
                self._form.fields.append((name, given.get("value", "on" if kind == "checkbox" else "")))
        elif tag == "select" and name:
            self._select = (name, [], [])
        elif tag == "option" and self._select:
            self._select[2].append(given.get("value", ""))
            if "selected" in given:
                self._select[1].append(given.get("value", ""))
        elif tag == "textarea" and name:
            self._area = (name, [])

    def handle_data(self, data: str) -> None:
        if self._area:
            self._area[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select" and self._select and self._form:
            name, chosen, every = self._select
            self._form.fields += [(name, v) for v in chosen or every[:1]]
            self._select = None
        elif tag == "textarea" and self._area and self._form:
            self._form.fields.append((self._area[0], "".join(self._area[1])))
            self._area = None


@dataclass(frozen=True)
class Reply:
    """What the server answered in the end."""

    status: int
    url: str
    body: bytes
    headers: HTTPMessage

    @property
    def text(self) -> str:
        """As text."""
        return self.body.decode()

    @property
    def json(self) -> Any:
        """As JSON."""
        return json.loads(self.body)

    def forms(self) -> list[Form]:
        """The forms of the page; one without an action posts to the page's own address."""
        reader = _Forms()
        reader.feed(self.text)
        return [Form(form.action or self.url, form.fields) for form in reader.forms]

    def form(self, ending: str) -> Form:
        """The first form whose address ends so."""
        found = self.forms()
        for form in found:
            if urllib.parse.urlsplit(form.action).path.endswith(ending):
                return form
        raise AssertionError(f"{self.url} has no form {ending!r}: {[f.action for f in found]}")


class _Stay(urllib.request.HTTPRedirectHandler):
    """Does not go where it is sent."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


class Caller:
    """Somebody with a password."""

    def __init__(self, base: str, email: str, trusted: ssl.SSLContext | None = None) -> None:
        self.base, self.email = base, email
        self.jar = CookieJar()
        handlers = (urllib.request.HTTPCookieProcessor(self.jar), urllib.request.HTTPSHandler(context=trusted))
        self.opener = urllib.request.build_opener(*handlers)
        self.staying = urllib.request.build_opener(*handlers, _Stay)

    def cookie(self, name: str) -> str:
        """A cookie's value; in production its name begins with __Host-."""
        return next((c.value or "" for c in self.jar if c.name.removeprefix("__Host-") == name), "")

    def _send(
        self, path: str, data: bytes | None, headers: Mapping[str, str], stay: bool = False, method: str | None = None
    ) -> Reply:
        url = urllib.parse.urljoin(self.base, path)
        # As a browser does; behind TLS Django asks for it.
        own = {"Origin": self.base} if data is not None and self.base.startswith("https:") else {}
        request = urllib.request.Request(url, data, {**own, **headers}, method=method)
        try:
            return self._open(request, stay)
        except HTTPException as fault:  # a server that ends while it answers is a line that breaks
            raise ConnectionError(f"{path}: {fault!r}") from fault

    def _open(self, request: urllib.request.Request, stay: bool) -> Reply:
        try:
            with (self.staying if stay else self.opener).open(request, timeout=60) as got:
                return Reply(got.status, got.url, got.read(), got.headers)
        except urllib.error.HTTPError as fault:
            with fault:
                return Reply(fault.code, fault.url, fault.read(), fault.headers)

    def sign_in(self) -> None:
        """Through the page, as everybody."""
        page = self._send(SIGN_IN, None, {})
        form = page.form(SIGN_IN)
        done = self._post(form.action, form.filled(username=self.email, password=PASSWORD), {})
        assert SIGN_IN not in done.url, f"{self.email} is not let in: {done.status}"

    def _signed(self, reply: Reply) -> bool:
        return urllib.parse.urlsplit(reply.url).path == SIGN_IN

    def get(self, path: str) -> Reply:
        """A page; signs in first where that is asked for."""
        got = self._send(path, None, {})
        if self._signed(got):
            self.sign_in()
            got = self._send(path, None, {})
        assert got.status == 200, f"{path}: {got.status}"
        return got

    def _post(self, path: str, pairs: Iterable[Pair], headers: Mapping[str, str], stay: bool = False) -> Reply:
        body = urllib.parse.urlencode(list(pairs)).encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": self.cookie("csrftoken")}
        return self._send(path, body, {**kind, **headers}, stay)

    def post(self, path: str, pairs: Iterable[Pair] = (), **headers: str) -> Reply:
        """Posts fields with the token of the last page."""
        given, more = list(pairs), {k.replace("_", "-"): v for k, v in headers.items()}
        return self._again_signed_in(lambda: self._post(path, self._fresh(given), more))

    def _again_signed_in(self, act: Callable[[], Reply]) -> Reply:
        """What the act gives; signs in first where the session has ended meanwhile, as it does when a clock is set."""
        got = act()
        if got.status == HTTPStatus.UNAUTHORIZED:
            self.sign_in()
            got = act()
        return got

    def _fresh(self, pairs: Iterable[Pair]) -> list[Pair]:
        """The fields with the token of now: signing in makes another."""
        token = self.cookie("csrftoken")
        return [(name, token if name == "csrfmiddlewaretoken" else value) for name, value in pairs]

    def send(self, form: Form, **given: str) -> Reply:
        """Posts a form and does not look at the page one is sent to: done is 302 or 303."""
        return self._again_signed_in(lambda: self._post(form.action, self._fresh(form.filled(**given)), {}, stay=True))

    def upload(self, path: str, name: str, file_name: str, content: bytes) -> Reply:
        """Posts one file."""
        mark = uuid.uuid4().hex
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{file_name}"\r\n'
        body = (
            f"{head}Content-Type: application/octet-stream\r\n\r\n".encode() + content + f"\r\n--{mark}--\r\n".encode()
        )
        kind = {"Content-Type": f"multipart/form-data; boundary={mark}"}
        return self._again_signed_in(lambda: self._send(path, body, {**kind, "X-CSRFToken": self.cookie("csrftoken")}))
