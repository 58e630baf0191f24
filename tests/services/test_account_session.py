"""Signing in, staying signed in, and signing out, against the practice tenant."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import pytest

from app.models.account import Feature, is_on
from app.services.account.listening import SignInCancelled, SignInTimedOut
from app.services.account.session import Account, Door, Prompt, Way
from app.services.account.token_file import TokenFile
from app.services.ports.account import Tokens
from app.services.ports.trouble import Refused, SignInNeeded, Unreachable
from app.services.practice.process import InThread, in_thread_practice
from tests.services.account_doors import (
    OKAFOR,
    SATO,
    SETTINGS,
    MemorySecrets,
    browser,
    make_account,
    sign_in,
)


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[InThread]:
    with in_thread_practice(tmp_path / "practice", people=[OKAFOR, SATO]) as served:
        served.grants.interval = 0
        yield served


@pytest.fixture
def account(practice: InThread, tmp_path: Path) -> Account:
    return make_account(practice, tmp_path / "account" / "practice.tokens")


def test_it_is_what_the_port_asks_for(account: Account) -> None:
    tokens: Tokens = account
    assert tokens.granted() == frozenset()


@pytest.mark.parametrize("way", Way)
def test_signing_in_either_way_gives_a_token_that_graph_takes(
    practice: InThread, account: Account, way: Way
) -> None:
    who = sign_in(account, way, email=SATO[0])
    bearer = practice.tenant.bearer(account.token())
    assert bearer is not None and bearer.user.email == who.email == SATO[0]
    assert account.granted() == bearer.scopes


def test_nobody_signed_in_asks_for_a_person(account: Account) -> None:
    with pytest.raises(SignInNeeded):
        account.token()
    assert account.who() is None


def test_a_scope_left_out_turns_its_feature_off_and_no_other(account: Account) -> None:
    all_of_it = sign_in(account).granted
    asked = [each for each in Feature if is_on(each, all_of_it)]
    who = sign_in(account, leave_out=["Mail.Send"])
    assert [each for each in asked if not is_on(each, who.granted)] == [Feature.SEND]


def test_a_scope_left_out_does_not_end_the_silence(practice: InThread, account: Account) -> None:
    sign_in(account, leave_out=["Calendars.ReadWrite"])
    assert account.token() == account.token()
    assert practice.tenant.bearer(account.token(fresh=True)) is not None


def test_consent_refused_says_so_and_leaves_who_was_signed_in(account: Account) -> None:
    sign_in(account)
    with pytest.raises(Refused, match="consent"):
        sign_in(account, email=SATO[0], accept=False)
    assert (who := account.who()) is not None and who.email == OKAFOR[0]


def test_a_device_code_declined_says_so(account: Account) -> None:
    with pytest.raises(Refused, match="declined"):
        sign_in(account, Way.DEVICE, accept=False)


@pytest.mark.parametrize("way", Way)
def test_a_cancelled_sign_in_ends_at_once(practice: InThread, account: Account, way: Way) -> None:
    practice.grants.interval = 60
    cancel = threading.Event()
    with pytest.raises(SignInCancelled):
        account.sign_in(way, lambda _: cancel.set(), cancel, seconds=60)
    assert account.who() is None


def test_a_tab_nobody_answers_times_out(account: Account) -> None:
    with pytest.raises(SignInTimedOut):
        account.sign_in(Way.BROWSER, lambda _: None, threading.Event(), seconds=0.2)


def test_a_device_code_nobody_types_times_out(practice: InThread, account: Account) -> None:
    def later(_: Prompt) -> None:
        practice.grants.now = lambda: time.time() + 3_600

    with pytest.raises(Refused, match="in time"):
        account.sign_in(Way.DEVICE, later, threading.Event())


def test_an_answer_with_another_state_is_not_taken(account: Account) -> None:
    """A page of somebody else's cannot sign the console in as somebody else."""

    def forged(prompt: Prompt) -> None:
        back = parse_qs(urlsplit(prompt.url).query)["redirect_uri"][0]
        with pytest.raises(OSError, match="400"):
            urlopen(back, b"code=stolen&state=guessed", timeout=5)
        browser()(prompt)

    assert account.sign_in(Way.BROWSER, forged, threading.Event()).email == OKAFOR[0]


def test_a_refused_token_is_renewed(practice: InThread, account: Account) -> None:
    sign_in(account)
    practice.tenant.expire(first := account.token())
    second = account.token(fresh=True)
    assert second != first and practice.tenant.bearer(second) is not None


def test_a_token_that_runs_out_is_renewed_silently(practice: InThread, account: Account) -> None:
    practice.grants.access_seconds = 200
    sign_in(account)
    first = account.token()
    practice.grants.access_seconds = 3_599
    assert account.token() != first


def test_a_sign_in_that_expired_asks_for_a_person_and_works_again(
    practice: InThread, account: Account
) -> None:
    sign_in(account)
    practice.grants.now = lambda: time.time() + 100 * 24 * 3_600
    with pytest.raises(SignInNeeded, match="expired"):
        account.token(fresh=True)
    practice.grants.now = time.time
    sign_in(account)
    assert account.token(fresh=True)


def test_a_sign_in_taken_back_asks_for_a_person(practice: InThread, account: Account) -> None:
    sign_in(account)
    practice.grants.revoked = "bad_token"
    with pytest.raises(SignInNeeded, match="taken back"):
        account.token(fresh=True)


def test_after_trouble_it_asks_again_instead_of_remembering(
    practice: InThread, account: Account
) -> None:
    sign_in(account)
    practice.grants.revoked = "bad_token"
    with pytest.raises(SignInNeeded):
        account.token(fresh=True)
    practice.grants.revoked = ""
    assert account.token(fresh=True)


def test_a_start_later_is_still_signed_in(practice: InThread, tmp_path: Path) -> None:
    secrets, file = MemorySecrets(), tmp_path / "practice.tokens"
    sign_in(make_account(practice, file, secrets), leave_out=["Mail.Send"])
    later = make_account(practice, file, secrets)
    assert practice.tenant.bearer(later.token()) is not None
    assert "Mail.Send" not in later.granted() != frozenset()


def test_without_a_keyring_a_start_later_is_signed_out(practice: InThread, tmp_path: Path) -> None:
    secrets, file = MemorySecrets(trusted=False), tmp_path / "practice.tokens"
    account = make_account(practice, file, secrets)
    who = sign_in(account)
    assert account.token() and not who.kept
    assert make_account(practice, file, secrets).who() is None
    assert not file.exists()


def test_two_that_share_the_file_see_each_others_tokens(practice: InThread, tmp_path: Path) -> None:
    secrets, file = MemorySecrets(), tmp_path / "practice.tokens"
    window, command = (make_account(practice, file, secrets) for _ in range(2))
    sign_in(window)
    assert command.token() == window.token()
    renewed = command.token(fresh=True)
    assert window.token() == renewed
    command.sign_out()
    assert window.who() is None


def test_many_threads_get_the_same_token(account: Account) -> None:
    sign_in(account)
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(account.token())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8 and len(set(found)) == 1


def test_signing_out_leaves_no_token_and_no_key(practice: InThread, tmp_path: Path) -> None:
    secrets, file = MemorySecrets(), tmp_path / "practice.tokens"
    account = make_account(practice, file, secrets)
    sign_in(account)
    account.sign_out()
    assert not file.exists() and secrets.kept == {}
    with pytest.raises(SignInNeeded, match="You signed out"):
        account.token()


def test_signing_out_needs_no_network(practice: InThread, tmp_path: Path) -> None:
    secrets, file = MemorySecrets(), tmp_path / "practice.tokens"
    sign_in(make_account(practice, file, secrets))

    def nowhere() -> Door:
        raise Unreachable("there is no network")

    Account(nowhere, TokenFile(file, secrets, "practice"), practice=True).sign_out()
    assert not file.exists()


def test_tokens_of_practice_are_not_used_in_earnest(practice: InThread, tmp_path: Path) -> None:
    secrets, file = MemorySecrets(), tmp_path / "mixed.tokens"
    sign_in(make_account(practice, file, secrets))
    earnest = Account(lambda: None, TokenFile(file, secrets, "practice"), practice=False)  # type: ignore[arg-type, return-value]
    assert earnest.who() is None


def test_a_door_that_does_not_answer_is_unreachable(practice: InThread, tmp_path: Path) -> None:
    door = Door(
        "https://localhost:1/tenant", "f11947c0-0000-4000-8000-0c0450137001", ("User.Read",),
        practice.running.ca_pem_path,
    )  # fmt: skip
    account = Account(
        lambda: door, TokenFile(tmp_path / "t", MemorySecrets(), "practice"), practice=True
    )
    with pytest.raises(Unreachable):
        sign_in(account)


def test_a_tenant_that_does_not_exist_is_named_as_such(practice: InThread, tmp_path: Path) -> None:
    authority = practice.running.authority.rsplit("/", 1)[0] + "/nowhere.example"
    door = Door(authority, "any", ("User.Read",), practice.running.ca_pem_path)
    account = Account(
        lambda: door, TokenFile(tmp_path / "t", MemorySecrets(), "practice"), practice=True
    )
    with pytest.raises(Refused, match="no such tenant"):
        sign_in(account)


def test_a_shared_mailbox_asks_for_its_scopes_too(practice: InThread, tmp_path: Path) -> None:
    settings = replace(SETTINGS, shared_mailbox="it@harbour.example")
    account = make_account(practice, tmp_path / "t", settings=settings)
    assert is_on(Feature.SHARED, sign_in(account).granted)
