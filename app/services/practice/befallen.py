"""What the faults that met one request do to it, before its effect and after."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from starlette.types import Receive, Send

from app.services.practice import wire
from app.services.practice.call import Answer
from app.services.practice.delta import restart
from app.services.practice.errors import Refusal, challenged, expired, state_lost, throttled
from app.services.practice.faults import Fault
from app.services.practice.requests import Request


@dataclass(frozen=True, slots=True)
class Befallen:
    met: Mapping[str, Fault]
    request: Request
    now: Callable[[], datetime]
    request_id: str = field(default_factory=lambda: str(uuid4()))

    @property
    def by_portal(self) -> bool:
        """Something else answers in our place."""
        return "html" in self.met

    async def before(self, send: Send, receive: Receive) -> bool:
        """Whether the connection is gone, so that nothing is to be done. Raises Refusal."""
        if "latency" in self.met:
            await asyncio.sleep(self.met["latency"].seconds)
        if "reset-before" in self.met:
            await wire.cut(send, receive)
            return True
        if "401" in self.met:
            raise expired()
        if "claims" in self.met:
            raise challenged()
        if "429" in self.met:
            raise throttled(self.met["429"].retry_after(self.now()))
        if "502" in self.met:
            raise Refusal(502, "BadGateway", "")
        if "503" in self.met:
            wait = self.met["503"].retry_after(self.now())
            headers = {} if wait is None else {"Retry-After": wait}
            raise Refusal(503, "ServiceUnavailable", "The service is unavailable.", headers)
        if "410" in self.met:
            named = self.met["410"].value == "location"
            request = self.request
            raise state_lost(restart(request.base, request.path, request.query) if named else None)
        return False

    def refused(self, refusal: Refusal) -> Answer:
        body = refusal.body(self.now(), self.request_id, self._client_id)
        return Answer(refusal.status, body, dict(refusal.headers))

    async def answer(self, send: Send, receive: Receive, answer: Answer) -> None:
        """Send it, as far as it gets."""
        if "504" in self.met:
            answer = self.refused(Refusal(504, "UnknownError", ""))
        if "hint" in self.met:
            answer.headers["Retry-After"] = self.met["hint"].value
        answer.headers |= {
            "request-id": self.request_id,
            "client-request-id": self._client_id,
            "x-ms-ags-diagnostic": '{"ServerInfo":{"DataCenter":"Practice"}}',
        }
        if "reset-after" in self.met:
            await wire.cut(send, receive)
        elif "half" in self.met:
            await wire.half(send, receive, answer)
        else:
            slow = self.met["trickle"].seconds if "trickle" in self.met else 0
            await wire.reply(send, answer, slow)

    @property
    def _client_id(self) -> str:
        return self.request.headers.get("client-request-id", self.request_id)
