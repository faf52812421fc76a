"""Everybody's browsers, in a process of their own: sends what a plan says when it says so, and notes each answer.

Open loop: a press does not wait for the answer to another one's, so that a server that falls behind is seen to.
Run as `python -m tests.bench.night.client PLAN OUT`; plan and outcome are JSON.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.bench.load import read_answer

IDLE = 4.0  # seconds after which a line is not used again; the server closes it after five
GIVE_UP = 300.0  # seconds for an answer
SHOWN = 300  # bytes of an answer that was no success


class Lines:
    """Kept-alive connections; as many as there are requests under way."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._idle: list[tuple[float, asyncio.StreamReader, asyncio.StreamWriter]] = []
        self.most = self.open = self.retried = 0

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """One request and its answer. A line that is closed before an answer comes is replaced, as browsers do."""
        while True:
            is_kept, reader, writer = await self._take()
            try:
                writer.write(request)
                status, body = await read_answer(reader)
            except (OSError, asyncio.IncompleteReadError):
                self._drop(writer)
                if not is_kept:
                    raise
                self.retried += 1
                continue
            self._idle.append((time.monotonic(), reader, writer))
            return status, body

    async def _take(self) -> tuple[bool, asyncio.StreamReader, asyncio.StreamWriter]:
        while self._idle:
            since, reader, writer = self._idle.pop()
            if time.monotonic() - since < IDLE and not reader.at_eof():
                return True, reader, writer
            self._drop(writer)
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=2**22)
        self.open += 1
        self.most = max(self.most, self.open)
        return False, reader, writer

    def _drop(self, writer: asyncio.StreamWriter) -> None:
        self.open -= 1
        writer.close()

    def close(self) -> None:
        """Closes what is idle."""
        for _since, _reader, writer in self._idle:
            writer.close()


@dataclass
class Crowd:
    """The people of a plan at a server. `revisions`: what each page knows of its question, by "person/question"."""

    plan: dict[str, Any]
    lines: Lines
    revisions: dict[str, int]
    outcome: list[dict[str, Any]] = field(default_factory=list)

    async def run(self) -> None:
        """Starts every press at its time and waits for all answers."""
        running = []
        for press in self.plan["presses"]:
            await asyncio.sleep(max(0.0, self.plan["start"] + press["at"] - time.time()))
            running.append(asyncio.create_task(self._press(press)))
        await asyncio.gather(*running)

    async def _press(self, press: dict[str, Any]) -> None:
        act = self._approve if press["kind"] == "approve" else self._save
        try:
            async with asyncio.timeout(GIVE_UP):
                self.outcome.append({**press, **await act(press)})
        except (OSError, asyncio.IncompleteReadError, TimeoutError) as fault:
            self.outcome.append({**press, "status": 0, "said": repr(fault), "answered": time.time()})

    async def _save(self, press: dict[str, Any]) -> dict[str, Any]:
        known = f"{press['person']}/{press['question']}"
        fields = {"_revision": self.revisions.get(known, 0), press["field"]: press["value"]}
        path = f"/r/{press['response']}/answer/{press['question']}/"
        pressed = time.time()
        status, body = await self.lines.ask(self._post(press["person"], path, fields, "Accept: application/json\r\n"))
        outcome = {"pressed": pressed, "answered": time.time(), "status": status}
        if status != 200:
            return {**outcome, "said": body[:SHOWN].decode(errors="replace")}
        told = json.loads(body)
        self.revisions[known] = told["revision"]
        return {**outcome, "revision": told["revision"], "changed": told["changed"]}

    async def _approve(self, press: dict[str, Any]) -> dict[str, Any]:
        """A governor opens the page of approval, then gives the password and presses."""
        path = f"/r/{press['response']}/approve/"
        opened = time.time()
        status, page = await self.lines.ask(self._get(press["person"], path))
        await asyncio.sleep(max(0.0, self.plan["start"] + press["presses_at"] - time.time()))
        version = re.search(rb'name="version" value="(\d+)"', page)
        pressed = time.time()
        if status == 200 and version is not None:
            fields = {"version": version[1].decode(), "password": self.plan["password"]}
            status, page = await self.lines.ask(self._post(press["person"], path, fields))
        outcome = {"opened": opened, "pressed": pressed, "answered": time.time(), "status": status}
        return outcome if status == 302 else {**outcome, "said": page[:SHOWN].decode(errors="replace")}

    def _head(self, person: int) -> str:
        return f"Host: 127.0.0.1\r\n{self.plan['people'][person]}\r\n"

    def _get(self, person: int, path: str) -> bytes:
        return f"GET {path} HTTP/1.1\r\n{self._head(person)}\r\n".encode()

    def _post(self, person: int, path: str, fields: dict[str, Any], more: str = "") -> bytes:
        form = urlencode(fields)
        kind = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(form)}\r\n"
        return f"POST {path} HTTP/1.1\r\n{self._head(person)}{more}{kind}\r\n{form}".encode()


async def play(plan: dict[str, Any]) -> dict[str, Any]:
    """The outcome of every press, and what the lines were like."""
    lines = Lines(plan["port"])
    crowd = Crowd(plan, lines, plan["revisions"])
    await crowd.run()
    lines.close()
    return {
        "presses": crowd.outcome,
        "revisions": crowd.revisions,
        "lines": lines.most,
        "retried": lines.retried,
    }


if __name__ == "__main__":
    found = asyncio.run(play(json.loads(Path(sys.argv[1]).read_text(encoding="utf8"))))
    Path(sys.argv[2]).write_text(json.dumps(found), encoding="utf8")
