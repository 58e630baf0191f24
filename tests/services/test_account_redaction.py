"""After signing in every way, with every logger at its most talkative, no file holds a secret."""

from __future__ import annotations

import hashlib
import logging
import secrets
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from app.models.errors import ConsoleError
from app.services.account.session import Way
from app.services.account.token_file import TokenFile
from app.services.practice.process import in_thread_practice
from tests.redaction import leaks, mentions, spelled, tokens_of
from tests.services.account_doors import OKAFOR, MemorySecrets, make_account, sign_in


@pytest.fixture
def talkative(tmp_path: Path) -> Iterator[Path]:
    """A log file that gets all there is."""
    folder = tmp_path / "data" / "logs"
    folder.mkdir(parents=True)
    handler = logging.FileHandler(folder / "flight-console.log")
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield folder
    root.removeHandler(handler)
    root.setLevel(level)
    handler.close()


def test_no_file_holds_a_token_and_no_log_says_who(talkative: Path, tmp_path: Path) -> None:
    data, secrets = tmp_path / "data", MemorySecrets()
    path = data / "account" / "practice.tokens"
    known: set[str] = set()
    with in_thread_practice(data / "practice", people=[OKAFOR]) as practice:
        practice.grants.interval = 0
        account = make_account(practice, path, secrets)
        for way in Way:
            with suppress(ConsoleError):
                sign_in(account, way, accept=False)
            sign_in(account, way)
            account.token(fresh=True)
            known |= tokens_of(TokenFile(path, secrets, "practice").load())
        practice.grants.revoked = "bad_token"
        with suppress(ConsoleError):
            account.token(fresh=True)
        with suppress(ConsoleError):
            account.sign_in(Way.BROWSER, lambda _: None, threading.Event(), seconds=0.1)
    assert len(known) >= 5
    assert (talkative / "flight-console.log").stat().st_size > 0
    assert leaks(data, {*known, *secrets.kept.values()}) == []
    assert mentions(talkative, [OKAFOR[0]]) == []


def test_a_leak_would_be_found(tmp_path: Path) -> None:
    lines = {
        "a": "Authorization: Bearer 0123456789abcdef0",
        "b": "got eyJhbGciOiJub25l.eyJvaWQiOiIxMjM0In0.c2ln",
        "c": "it was hunter2, M.Okafor@Harbour.example",
    }
    for name, line in lines.items():
        (tmp_path / f"{name}.log").write_text(line, encoding="utf-8")
    found = ["a.log: a bearer token", "b.log: a JWT", "c.log: a secret"]
    assert leaks(tmp_path, ["hunter2"]) == found
    assert mentions(tmp_path, [OKAFOR[0]]) == [f"c.log: {OKAFOR[0]}"]


def test_a_token_known_by_its_digest_would_be_found(tmp_path: Path) -> None:
    given = [secrets.token_urlsafe(32), f"1.{secrets.token_urlsafe(64)}"]
    for number, token in enumerate(given):
        (tmp_path / f"{number}.log").write_text(f"token={token}&x", encoding="utf-8")
    digests = [hashlib.sha256(token.encode()).hexdigest() for token in given]
    assert spelled(tmp_path, digests) == ["0.log", "1.log"]
