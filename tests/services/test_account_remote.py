"""Who stands behind the ports, as the settings say; and the commands over the same."""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import webbrowser
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import keyring
import pytest

from app.cli.commands import handler
from app.cli.parser import parse
from app.models.account import AccountSettings, Profile
from app.models.errors import ConsoleError
from app.services.account.session import Way
from app.services.account.settings import account_settings, save_account_settings
from app.services.calendar.owed import chosen_calendar
from app.services.ports.mail import Address, Folder, Outgoing
from app.services.ports.trouble import Refused, SignInNeeded
from app.services.practice.visitor import visit
from app.services.sync.lock import only_sender
from app.services.sync.state import SyncState
from app.wiring import Console, open_console
from app.wiring.remote import Remote, open_remote, remote_of
from app.wiring.syncing import make_worker
from tests.makers import NOW, TestClock
from tests.services.account_doors import (
    OKAFOR,
    SATO,
    SETTINGS,
    KeptInMemory,
    MemorySecrets,
    trusted,
)

ROOT = Path(__file__).resolve().parents[2]
APP = "11111111-2222-4333-8444-555555555555"


@pytest.fixture
def remote(tmp_path: Path) -> Iterator[Remote]:
    opened = open_remote(tmp_path, SETTINGS, people=[OKAFOR, SATO], secrets=MemorySecrets())
    yield opened
    opened.close()


def test_practice_needs_no_hosts_file_that_names_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = socket.getaddrinfo

    def without_localhost(host: Any, *rest: Any, **more: Any) -> Any:
        if host in ("localhost", b"localhost"):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return asked(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", without_localhost)
    opened = open_remote(tmp_path, SETTINGS, people=[OKAFOR], secrets=MemorySecrets())
    try:
        assert opened.account is not None and opened.calendars is not None
        assert opened.account.who() is not None
        assert opened.calendars.calendars()
    finally:
        opened.close()


def test_files_only_has_nobody_behind_it(tmp_path: Path) -> None:
    remote = open_remote(tmp_path, AccountSettings())
    assert (remote.account, remote.mailbox, remote.calendars, remote.meetings) == (None,) * 4
    assert list(tmp_path.iterdir()) == []


def test_practice_signs_the_first_person_in_by_itself(remote: Remote) -> None:
    assert remote.account is not None
    assert (who := remote.account.who()) is not None and who.email == OKAFOR[0]


def test_a_practice_tenant_that_was_killed_is_missed(remote: Remote, tmp_path: Path) -> None:
    second = open_remote(tmp_path, SETTINGS, secrets=MemorySecrets())
    running = json.loads((tmp_path / "practice" / "running.json").read_text(encoding="utf-8"))
    assert remote.is_there and second.is_there
    os.kill(running["pid"], signal.SIGTERM)
    end = time.monotonic() + 10
    while remote.is_there or second.is_there:
        assert time.monotonic() < end
    second.close()


def test_a_mail_sent_in_practice_is_in_sent_items(remote: Remote) -> None:
    assert remote.mailbox is not None
    draft = remote.mailbox.create_draft(
        Outgoing("key-1", "Hello", "Hello", "<p>Hello</p>", to=(Address(SATO[0]),))
    )
    remote.mailbox.send(draft.id)
    while not (found := remote.mailbox.find("key-1")) or found[0].is_draft:
        pass  # each look lets the tenant's time pass
    since = datetime.now(UTC) - timedelta(hours=1)
    sent = remote.mailbox.changes(Folder.SENT, "", since)
    assert [each.subject for each in sent.arrived] == ["Hello"]


def test_without_the_permission_calendars_are_left_alone(remote: Remote, console: Console) -> None:
    account = remote.account
    assert account is not None
    account.sign_in(
        Way.BROWSER,
        lambda prompt: visit(prompt.url, email=OKAFOR[0], leave_out=["Calendars.ReadWrite"]),
        threading.Event(),
    )
    assert remote.calendars is not None
    with pytest.raises(Refused):
        remote.calendars.calendars()
    report = make_worker(console.store, remote).turn()
    assert (report.state, report.why) == (SyncState.IN_SYNC, "")
    account.sign_out()
    report = make_worker(console.store, remote).turn()
    assert report.state is SyncState.SIGN_IN, "though there is nothing to ask"


def test_who_signed_out_on_purpose_is_left_alone(tmp_path: Path) -> None:
    settings = AccountSettings(Profile.PRACTICE, signed_out=True)
    remote = open_remote(tmp_path, settings, people=[OKAFOR], secrets=MemorySecrets())
    try:
        assert remote.account is not None
        with pytest.raises(SignInNeeded):
            remote.account.token()
    finally:
        remote.close()


def test_microsoft_is_not_reached_before_it_must_be(tmp_path: Path) -> None:
    settings = AccountSettings(Profile.MICROSOFT, "contoso.example", APP)
    remote = open_remote(tmp_path, settings, secrets=MemorySecrets())
    assert remote.account is not None
    with pytest.raises(SignInNeeded):
        remote.account.token()
    remote.close()


def test_files_only_imports_nothing_of_the_web() -> None:
    watch = (
        "import sys, app.wiring.remote as r, app.models.account as a, pathlib;"
        "r.open_remote(pathlib.Path('.'), a.AccountSettings());"
        "print(*sorted({'msal', 'httpx', 'starlette', 'uvicorn', 'keyring', 'requests'}"
        " & set(sys.modules)))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", watch], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert answer.stdout.split() == []


@pytest.fixture
def console(tmp_path: Path) -> Iterator[Console]:
    opened = open_console(tmp_path / "data", TestClock(NOW))
    types(opened, "organisation", "County Hospital", "--zone", "America/New_York")
    yield opened
    opened.close()


@pytest.fixture
def keyring_of_this_test() -> Iterator[None]:
    before = keyring.get_keyring()
    keyring.set_keyring(trusted(KeptInMemory()))
    yield
    keyring.set_keyring(before)


def types(console: Console, *words: str) -> int:
    asked: argparse.Namespace = parse(list(words))
    return handler(asked.command)(console, asked)


def test_account_as_json_has_its_documented_keys(
    console: Console, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert types(console, "account", "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert set(said) == {
        "profile", "cloud", "tenant", "client_id", "shared_mailbox", "calendar",
        "signed_in_as", "scopes", "missing", "tokens", "notes",
    }  # fmt: skip
    assert said["profile"] == "none" and said["signed_in_as"] == ""


def test_signing_in_with_files_only_says_what_to_do(console: Console) -> None:
    with pytest.raises(ConsoleError, match="--profile"):
        types(console, "signin")


def test_account_takes_the_settings(console: Console, capsys: pytest.CaptureFixture[str]) -> None:
    types(console, *f"account --profile microsoft --client-id {APP} --cloud china".split())
    settings = console.store.read(account_settings)
    assert (settings.profile, settings.client_id) == (Profile.MICROSOFT, APP)
    assert settings.graph == "https://microsoftgraph.chinacloudapi.cn/v1.0"


@pytest.mark.usefixtures("keyring_of_this_test")
def test_signin_and_signout_on_the_command_line(
    console: Console, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(webbrowser, "open", visit)
    types(console, "account", "--profile", "practice")
    assert types(console, "signin") == 0
    assert "Signed in as" in capsys.readouterr().out
    types(console, "account")
    assert "Signed in   coordinator@practice.example" in capsys.readouterr().out
    assert types(console, "signout") == 0
    types(console, "account", "--json")
    assert json.loads(capsys.readouterr().out.partition("\n")[2])["signed_in_as"] == ""


def test_tokens_in_the_memory_of_an_open_window_are_not_called_nobodys(
    console: Console, capsys: pytest.CaptureFixture[str]
) -> None:
    types(console, *f"account --profile microsoft --client-id {APP}".split())
    assert "Signed in   nobody" in capsys.readouterr().out
    with only_sender(console.folder):
        types(console, "account")
    said = capsys.readouterr().out
    assert "Signed in   not known here" in said
    assert "in the memory of the console that is open" in said


def test_the_calendar_for_outages_is_chosen_by_its_name(
    console: Console, capsys: pytest.CaptureFixture[str]
) -> None:
    types(console, "account", "--profile", "practice")
    types(console, "account", "--calendar", "calendar")
    assert console.store.read(chosen_calendar).id
    assert "Calendar    Calendar" in capsys.readouterr().out
    with pytest.raises(ConsoleError, match="There are: “Calendar”"):
        types(console, "account", "--calendar", "Holidays")


def test_what_the_store_says_is_opened_and_whom_it_signed_in_is_kept(console: Console) -> None:
    console.store.run(save_account_settings, AccountSettings(Profile.PRACTICE))
    remote = remote_of(console.store)
    try:
        assert remote.profile is Profile.PRACTICE and remote.pages.startswith("http://127.0.0.1:")
        assert console.store.read(account_settings).practises_as == remote.who() != ""
    finally:
        remote.close()
