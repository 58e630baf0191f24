"""The crew board over HTTP: nobody without a scope, nothing but plain short answers."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
import uvicorn
from starlette.routing import Route

from app.models.crew.links import LinkKind, token_of
from app.models.crew.taps import TapAct
from app.models.notices.kinds import NoticeKind
from app.models.outages.lifecycle import State
from app.models.runbook import StepAct, StepState
from app.services.crew.links import crew_links, revoke, switch_on
from app.services.crew.web import CrewApp, build_crew_app, protocol, server_config
from app.services.crew.web.scoped import NOTHING
from app.services.database import Store
from app.services.notices.sending import record_sent
from tests.flights import START, do, make_flight, step_of
from tests.makers import clock_of
from tests.services.crew_flight import ITO, crew_store, flying, link_of, tap, tap_of
from tests.services.notices_flights import desk_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = crew_store(tmp_path)
    yield made
    made.close()


@pytest.fixture
def flight(store: Store) -> str:
    return flying(store)


@pytest.fixture
def app(store: Store) -> Iterator[CrewApp]:
    made = build_crew_app(store)
    yield made
    made.close()


def ask(app: CrewApp, method: str, path: str, **more: Any) -> httpx.Response:
    async def once() -> httpx.Response:
        wire = httpx.ASGITransport(app=cast(Any, app), raise_app_exceptions=True)
        async with httpx.AsyncClient(transport=wire, base_url="http://crew") as client:
            return await client.request(method, path, **more)

    return asyncio.run(once())


def tap_body(store: Store, flight: str, code: str, act: TapAct, **more: Any) -> dict[str, Any]:
    made = tap_of(store, flight, code, act)
    return {"id": made.id, "step": made.step_id, "act": act.value, "seen": made.seen, **more}


def every_path(app: CrewApp) -> list[str]:
    return [route.path for route in app.routes if isinstance(route, Route)]


def test_no_route_answers_without_a_scope(store: Store, flight: str, app: CrewApp) -> None:
    """Whatever the method, and however the token is wrong."""
    forged = token_of(LinkKind.CREW, "00" * 16, bytes(32))
    observer = next(
        r for r in store.read(crew_links, flight).rows if r.kind is LinkKind.OBSERVER
    ).path.split("/")[2]
    assert len(every_path(app)) == len(app.routes) > 10
    for path in every_path(app):
        assert path.startswith(("/c/{token}", "/o/{token}", "/s/{token}"))
        wrong = [forged, "x", "..%2f..%2f", forged[:-1]]
        if path.startswith("/c/"):
            wrong.append(observer)
        for token in wrong:
            for method in ("GET", "POST", "DELETE"):
                answer = ask(app, method, path.replace("{token}", token))
                assert answer.status_code in (404, 429)
                assert answer.status_code == 429 or answer.text == NOTHING


@pytest.mark.parametrize(
    "path", ["/", "/c", "/c/", "/openapi.json", "/static/board.js", "//", "/c//"]
)
def test_nothing_lies_beside_the_links(app: CrewApp, path: str) -> None:
    assert ask(app, "GET", path).status_code == 404


def test_a_page_of_the_crew_may_load_nothing_from_elsewhere(
    store: Store, flight: str, app: CrewApp
) -> None:
    answer = ask(app, "GET", link_of(store, flight, ITO).path)
    policy = answer.headers["content-security-policy"]
    assert answer.status_code == 200
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert "<script>" not in answer.text and "style=" not in answer.text


def test_the_whole_page_is_at_most_60_kb(store: Store, flight: str, app: CrewApp) -> None:
    path = link_of(store, flight, ITO).path
    names = ["", "board.js", "style.css", "icon.svg", "app.webmanifest", "board", "calls"]
    assert sum(len(ask(app, "GET", path + name).content) for name in names) <= 60_000


def test_a_page_whose_script_ran_is_opened_and_one_that_was_fetched_is_not(
    store: Store, flight: str, app: CrewApp
) -> None:
    """A mail gateway looks at every link it lets through."""
    path = link_of(store, flight, ITO).path
    ask(app, "GET", path)
    assert link_of(store, flight, ITO).opened_at is None
    ask(app, "GET", f"{path}board")
    assert link_of(store, flight, ITO).opened_at is not None


def test_an_observer_sees_the_board_but_neither_bridge_nor_phone_numbers(
    store: Store, flight: str, app: CrewApp
) -> None:
    path = next(r for r in store.read(crew_links, flight).rows if r.kind is LinkKind.OBSERVER).path
    board = ask(app, "GET", f"{path}board")
    assert len(board.json()["steps"]) > 5
    assert "555 0" not in board.text and "bridge" not in board.json()
    assert ask(app, "GET", f"{path}calls").status_code == 404
    assert ask(app, "POST", f"{path}tap").status_code == 404


def test_an_observer_is_not_shown_what_the_crew_says(
    store: Store, flight: str, app: CrewApp
) -> None:
    """A note, and why something is blocked; that it is blocked they see."""
    look = link_of(store, flight, "observers").path
    ask(app, "GET", f"{look}board")
    body = tap_body(store, flight, "7", TapAct.BLOCKED, note="the vendor sent the wrong tray")
    ask(app, "POST", f"{link_of(store, flight, ITO).path}tap", json=body)
    told = ask(app, "GET", f"{look}board")  # as it is told before the board is made anew
    tap(store, flight, "7", TapAct.NOTE, note="Okafor forgot his badge")
    anew = build_crew_app(store)
    seen, crew = (
        ask(anew, "GET", f"{path}board") for path in (look, link_of(store, flight, ITO).path)
    )
    anew.close()
    for answer in (told, seen):
        assert answer.json()["steps"][body["step"]]["state"] == "blocked"
        assert "wrong tray" not in answer.text and "badge" not in answer.text
    assert "wrong tray" in crew.text


def test_a_status_link_shows_what_people_were_told_and_nothing_else(tmp_path: Path) -> None:
    store = desk_store(tmp_path, START - timedelta(days=20))
    flight = store.run(make_flight, State.PLANNED)
    store.run(switch_on, flight)
    path = link_of(store, flight, "people who are told").path
    before, after = build_crew_app(store), build_crew_app(store)
    assert "Nothing was announced yet" in ask(before, "GET", path).text
    store.run(record_sent, flight, NoticeKind.PLANNED, clock_of(store).now())
    page, calendar = (ask(after, "GET", path + name) for name in ("", "outage.ics"))
    assert "7:00 pm Friday, January 10th, 2025" in page.text and "Ito" not in page.text
    assert "DTSTART;TZID=America/New_York:20250110T190000" in calendar.text
    assert ask(after, "GET", f"{path}board").status_code == 404
    store.close()


def test_a_tap_is_on_disk_once_it_is_answered(store: Store, flight: str, app: CrewApp) -> None:
    path = link_of(store, flight, ITO).path
    body = tap_body(store, flight, "7", TapAct.START)
    assert ask(app, "POST", f"{path}tap", json=body).json() == {"ok": True, "counted": True}
    assert store.read(step_of, flight, "7").state is StepState.RUNNING
    assert ask(app, "POST", f"{path}tap", json=body).json() == {"ok": True, "counted": False}


def test_a_stale_tap_is_answered_with_how_it_stands(
    store: Store, flight: str, app: CrewApp
) -> None:
    body = tap_body(store, flight, "7", TapAct.BLOCKED)
    do(store, flight, "7", StepAct.FINISH)
    answer = ask(app, "POST", f"{link_of(store, flight, ITO).path}tap", json=body)
    said = answer.json()
    assert (answer.status_code, said["code"]) == (409, "stale")
    assert json.loads(said["board"])["steps"][body["step"]]["state"] == "done"


def test_another_site_cannot_tap(store: Store, flight: str, app: CrewApp) -> None:
    path = f"{link_of(store, flight, ITO).path}tap"
    body = tap_body(store, flight, "7", TapAct.START)
    plain = ask(app, "POST", path, content=json.dumps(body), headers={"content-type": "text/plain"})
    foreign = ask(app, "POST", path, json=body, headers={"sec-fetch-site": "cross-site"})
    assert (plain.status_code, foreign.status_code) == (400, 403)
    assert store.read(step_of, flight, "7").state is StepState.TODO


def test_a_photo_comes_as_an_image_and_only_where_photos_are_taken(
    store: Store, flight: str, app: CrewApp
) -> None:
    step = store.read(step_of, flight, "7").id
    path = f"{link_of(store, flight, ITO).path}photo?step={step}&id=abcdefgh"
    takes = build_crew_app(store, recoded=lambda content: content[::-1])
    kind = {"content-type": "image/jpeg"}
    codes = [
        ask(app, "POST", path, content=b"x", headers=kind).status_code,
        ask(takes, "POST", path, content=b"x").status_code,
        ask(
            takes, "POST", path, content=b"x", headers={**kind, "content-length": "99999999"}
        ).status_code,
        ask(takes, "POST", path, content=b"abc", headers=kind).status_code,
    ]
    assert codes == [403, 400, 400, 200]
    assert [f.read_bytes() for f in (store.folder / "evidence").iterdir()] == [b"cba"]
    takes.close()


HOSTILE = [
    b"",
    b"[]",
    b"[" * 10_000,
    b"\xff\xfe",
    b"null",
    b'{"seen": 1e400}',
    b'{"seen": %s}' % (b"9" * 5_000),
    b'{"id": 3}',
    b'{"step": "\\ud800"}',
    b'{"step": "' + b"0" * 36 + b'", "act": "start", "id": "\\u0000\\u0000\\u0000\\u0000abcd"}',
    b'{"step": "' + b"0" * 36 + b'", "act": "note", "id": "abcdefgh", "note": "\\ud83d"}',
    b'{"step": "' + b"0" * 36 + b'", "act": "start", "id": "abcdefgh", "at": 1e18}',
    b'{"step": "' + b"0" * 36 + b'", "act": "start", "id": "abcdefgh"}',
    b"x" * 20_000,
]


def test_what_is_no_tap_gets_a_short_plain_answer(store: Store, flight: str, app: CrewApp) -> None:
    path, kind = f"{link_of(store, flight, ITO).path}tap", {"content-type": "application/json"}
    for body in HOSTILE:
        answer = ask(app, "POST", path, content=body, headers=kind)
        assert answer.status_code in (400, 404), body[:80]
        assert len(answer.text) < 300 and "Traceback" not in answer.text


def test_who_guesses_is_soon_told_to_wait_and_who_belongs_here_is_not(
    store: Store, flight: str, app: CrewApp
) -> None:
    answers = [ask(app, "GET", f"/c/{number:043d}/").status_code for number in range(60)]
    assert 429 in answers
    assert ask(app, "GET", link_of(store, flight, ITO).path).status_code == 200


def test_many_who_look_on_behind_one_proxy_are_not_refused_and_a_flood_there_is(
    store: Store, flight: str, app: CrewApp
) -> None:
    """All come from this computer, as a reverse proxy brings them."""
    look = link_of(store, flight, "observers").path

    async def codes(paths: list[str]) -> set[int]:
        wire = httpx.ASGITransport(app=cast(Any, app))
        async with httpx.AsyncClient(transport=wire, base_url="http://crew") as client:
            return {(await client.get(path)).status_code for path in paths}

    forged = [f"/o/{number:043d}/" for number in range(60)]
    assert asyncio.run(codes(forged)) == {404, 429}
    assert asyncio.run(codes([f"{look}icon.svg"] * 200)) == {200}


# --- over a real server ----------------------------------------------------------------------


@contextmanager
def served(app: CrewApp) -> Iterator[str]:
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(server_config(app))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listening])))
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        app.close()
        thread.join(10)


@asynccontextmanager
async def news(client: httpx.AsyncClient, address: str) -> AsyncIterator[AsyncIterator[Any]]:
    async with client.stream("GET", address) as answer:

        async def each() -> AsyncIterator[Any]:
            async for line in answer.aiter_lines():
                if line.startswith("data: "):
                    yield json.loads(line.removeprefix("data: "))

        yield each()


def test_a_tap_on_one_phone_is_seen_on_another(store: Store, flight: str, app: CrewApp) -> None:
    path = link_of(store, flight, ITO).path
    body = tap_body(store, flight, "7", TapAct.START)

    async def fly(address: str) -> tuple[int, str, tuple[str, ...]]:
        async with httpx.AsyncClient(base_url=address, timeout=10) as client:
            async with news(
                client, f"{link_of(store, flight, 'A. Lindqvist').path}events"
            ) as heard:
                first = await anext(heard)
                answer = await client.post(f"{path}tap", json=body)
                second = await anext(heard)
                connected = tuple(each.name for each in app.connected)
            assert first["whole"] and not second["whole"]
            return answer.status_code, second["steps"][body["step"]]["state"], connected

    with served(app) as address:
        assert asyncio.run(fly(address)) == (200, "running", ("A. Lindqvist",))


def test_a_revoked_link_hears_no_more(store: Store, flight: str, app: CrewApp) -> None:
    row = link_of(store, flight, ITO)

    async def listen(address: str) -> list[Any]:
        async with (
            httpx.AsyncClient(base_url=address, timeout=10) as client,
            news(client, f"{row.path}events") as heard,
        ):
            await anext(heard)
            await asyncio.wrap_future(store.submit(revoke, row.link_id))
            return [each async for each in heard]

    with served(app) as address:
        assert asyncio.run(listen(address)) == []


ODD = [
    b"\x16\x03\x01\x02\x00",
    b"GET /c/\xff/ HTTP/1.1\r\nHost: crew\r\n\r\n",
    b"GET %s HTTP/1.1\r\nHost: crew\r\nX: " + b"y" * 70_000 + b"\r\n\r\n",
    b"POST %stap HTTP/1.1\r\nHost: crew\r\nContent-Length: -1\r\n\r\n",
    b"CONNECT crew:443 HTTP/1.1\r\nHost: crew\r\n\r\n",
    b"GET %sevents HTTP/1.1\r\nHost: crew\r\nUpgrade: websocket\r\nConnection: Upgrade",
]


def test_odd_requests_get_plain_answers_and_no_log_holds_a_secret(
    store: Store,
    flight: str,
    app: CrewApp,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Who asks nothing whole is soon hung up on."""
    monkeypatch.setattr(protocol, "SECONDS", 0.05)
    path = link_of(store, flight, ITO).path
    with served(app) as address:
        port = int(address.rpartition(":")[2])
        for odd in ODD:
            with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
                line.sendall(odd.replace(b"%s", path.encode()))
                answer = b"".join(iter(lambda: line.recv(65_536), b""))
            assert answer == b"" or answer.startswith(b"HTTP/1.1 ")
            assert b"Traceback" not in answer
    assert path.split("/")[2] not in caplog.text


def test_one_computer_takes_no_more_connections_than_its_share(
    app: CrewApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "MOST", 2)
    monkeypatch.setattr(protocol, "HERE", ())
    with served(app) as address, ExitStack() as lines:
        port = int(address.rpartition(":")[2])
        first, _, third = (
            lines.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
            for _ in range(3)
        )
        assert third.recv(1) == b""
        first.sendall(b"GET / HTTP/1.1\r\nHost: crew\r\n\r\n")
        assert first.recv(12) == b"HTTP/1.1 404"


def test_a_fault_is_not_told_outside_and_its_record_names_no_secret(
    store: Store, flight: str, app: CrewApp, caplog: pytest.LogCaptureFixture
) -> None:
    path = link_of(store, flight, ITO).path
    store.close()  # as a bug would have it
    answer = ask(app, "GET", f"{path}board")
    assert answer.status_code == 500 and "nothing was changed" in answer.text
    assert "a request failed" in caplog.text and path.split("/")[2] not in caplog.text
