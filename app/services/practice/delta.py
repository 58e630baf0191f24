"""Delta tokens: a round is the changes from one number to another, and a token says where in it
one stands. Nothing is kept for a token, so it lives until its mailbox's state is forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from app.services.practice.call import Call, pack, unpack
from app.services.practice.errors import bad, state_lost
from app.services.practice.history import History
from app.services.practice.state import Json
from app.services.practice.switches import Switches


@dataclass(frozen=True, slots=True)
class Round:
    """Changes in (`after`, `upto`] are still to come; of the one that is number `begun`, if it is
    still its item's last, `inside` rows have been told. `first`: nothing was known before, so
    nothing needs to be said of what is gone."""

    place: str
    generation: int
    after: int
    upto: int
    options: Mapping[str, str]
    first: bool = False
    begun: int = 0
    inside: int = 0

    def token(self, after: int, begun: int = 0, inside: int = 0) -> str:
        return pack(
            {
                "p": self.place,
                "g": self.generation,
                "a": after,
                "u": self.upto,
                "o": dict(self.options),
                "f": self.first,
                "b": begun,
                "i": inside,
            }
        )


def begun(
    call: Call, place: str, history: History, allowed: tuple[str, ...], switches: Switches
) -> Round:
    """The round this call goes on with, or a new one. Raises Refusal: 410 when its state was
    forgotten, 400 for options that delta does not know or a token of another place."""
    generation, newest = history.generation, history.number
    token = call.query.get("$skiptoken") or call.query.get("$deltatoken")
    if not token:
        for name in call.query:
            if name not in allowed:
                raise bad("ErrorInvalidUrlQuery", f"The query option '{name}' is not supported.")
        return Round(place, generation, 0, newest, dict(call.query), first=True)
    state = unpack(token)
    if state.get("p") != place:
        raise bad("ErrorInvalidUrlQuery", "The sync state is of another folder.")
    if state["g"] != generation or state["a"] > newest:
        raise state_lost(
            restart(call.base, call.path, call.query) if switches.gone_location else None
        )
    after, inside = int(state["a"]), int(state["i"])
    goes_on = "$skiptoken" in call.query
    if not goes_on and switches.delta_replays:
        after = history.logs[place].before(after, switches.delta_replays)
    upto = int(state["u"]) if goes_on else newest
    first = bool(state["f"]) and goes_on
    return Round(place, generation, after, upto, state["o"], first, int(state["b"]), inside)


def restart(base: str, path: str, query: Mapping[str, str]) -> str:
    """Where a 410 may say that one begins again: with the options of the lost round."""
    token = query.get("$skiptoken") or query.get("$deltatoken")
    options = unpack(token)["o"] if token else dict(query)
    return f"{base}{path.partition('?')[0]}?{urlencode(options, quote_via=quote, safe='$,')}"


def page(call: Call, context: str, value: list[Json], token: str, *, more: bool) -> Json:
    """One page: exactly one of nextLink and deltaLink."""
    name, option = (
        ("@odata.nextLink", "$skiptoken") if more else ("@odata.deltaLink", "$deltatoken")
    )
    link = f"{call.base}{call.path.partition('?')[0]}?{option}={token}"
    return {"@odata.context": call.context(context), name: link, "value": value}
