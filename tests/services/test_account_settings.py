"""The account's settings, what is shown of it, and signing in as a person does."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.models.account import AccountSettings, Feature, Profile
from app.models.directory.words import Role
from app.models.errors import BadInput
from app.models.tables.directory import Organisation
from app.services.account.listening import SignInCancelled
from app.services.account.reading import account as read_account
from app.services.account.session import Account, Way
from app.services.account.settings import (
    account_settings,
    note_sign_in,
    practice_people,
    save_account_settings,
)
from app.services.account.signing import SigningIn, change_settings, sign_in, sign_out
from app.services.calendar.owed import Chosen, choose_calendar
from app.services.database import Store
from app.services.practice.process import InThread, in_thread_practice
from app.services.uow import UnitOfWork
from tests.makers import make_person, make_store
from tests.services.account_doors import OKAFOR, MemorySecrets, browser, make_account

APP = "11111111-2222-4333-8444-555555555555"
MICROSOFT = AccountSettings(Profile.MICROSOFT, "contoso.example", APP)
PRACTICE = AccountSettings(Profile.PRACTICE)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = make_store(tmp_path / "data")
    yield made
    made.close()


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[InThread]:
    with in_thread_practice(tmp_path / "practice", people=[OKAFOR]) as served:
        yield served


@pytest.fixture
def account(practice: InThread, tmp_path: Path) -> Account:
    return make_account(practice, tmp_path / "account" / "practice.tokens", MemorySecrets())


def logged(store: Store) -> list[str]:
    return [str(what) for (what,) in store.raw(
        lambda link: link.execute("SELECT what FROM log_entry ORDER BY number").fetchall()
    )]  # fmt: skip


def make_sample(uow: UnitOfWork) -> None:
    found = uow.find(Organisation, uow.organisation_id)
    assert found is not None
    found.is_sample = True
    uow.log("made it a sample")


def test_an_own_organisation_starts_with_files_only(store: Store) -> None:
    assert store.read(account_settings).profile is Profile.NONE


def test_the_sample_starts_with_practice(store: Store) -> None:
    store.run(make_sample)
    assert store.read(account_settings).profile is Profile.PRACTICE


def test_what_was_saved_is_there_after_a_start(store: Store, tmp_path: Path) -> None:
    store.run(save_account_settings, replace(MICROSOFT, client_id=f" {APP.upper()} "))
    store.close()
    again = make_store(tmp_path / "data")
    try:
        assert again.read(account_settings) == MICROSOFT
    finally:
        again.close()


def test_a_change_is_logged_with_what_it_was(store: Store) -> None:
    store.run(save_account_settings, PRACTICE)
    assert logged(store)[-1] == "changed the account: profile none → practice"


def test_settings_that_cannot_work_change_nothing(store: Store) -> None:
    with pytest.raises(BadInput):
        store.run(save_account_settings, replace(MICROSOFT, client_id="my app"))
    assert store.read(account_settings).profile is Profile.NONE


def test_the_same_again_is_refused(store: Store) -> None:
    store.run(save_account_settings, PRACTICE)
    with pytest.raises(BadInput, match="Nothing is different"):
        store.run(save_account_settings, PRACTICE)


def test_another_mailbox_forgets_the_chosen_calendar(store: Store) -> None:
    store.run(save_account_settings, PRACTICE)
    store.run(choose_calendar, Chosen("AAA=", "Outages"))
    assert store.read(read_account).calendar == "Outages"
    store.run(save_account_settings, MICROSOFT)
    assert store.read(read_account).calendar == ""


def test_another_door_takes_the_tokens_along(store: Store, account: Account) -> None:
    store.run(save_account_settings, PRACTICE)
    sign_in(store, account, Way.BROWSER, browser())
    assert change_settings(store, account, MICROSOFT)
    assert account.who() is None


def test_another_shared_mailbox_leaves_one_signed_in(store: Store, account: Account) -> None:
    store.run(save_account_settings, PRACTICE)
    sign_in(store, account, Way.BROWSER, browser())
    assert not change_settings(store, account, replace(PRACTICE, shared_mailbox="it@b.example"))
    assert account.who() is not None


def test_signing_in_and_out_is_logged_without_saying_who(store: Store, account: Account) -> None:
    store.run(save_account_settings, PRACTICE)
    sign_in(store, account, Way.BROWSER, browser())
    sign_out(store, account)
    assert logged(store)[-2:] == [
        "signed in to the practice tenant",
        "signed out of the practice tenant",
    ]


def test_who_signed_out_on_purpose_is_not_signed_in_again(store: Store, account: Account) -> None:
    store.run(save_account_settings, PRACTICE)
    sign_out(store, account)
    assert store.read(account_settings).signed_out
    sign_in(store, account, Way.BROWSER, browser())
    assert not store.read(account_settings).signed_out


def test_the_row_says_who_for_what_and_where_tokens_are(store: Store, account: Account) -> None:
    store.run(save_account_settings, PRACTICE)
    sign_in(store, account, Way.BROWSER, browser(leave_out=["OnlineMeetings.ReadWrite"]))
    row = store.read(read_account, account.who(), account.place, account.keeps)
    assert row.signed_in_as == OKAFOR[0]
    assert {scope.name for scope in row.scopes if not scope.granted} == {"OnlineMeetings.ReadWrite"}
    assert [each.feature for each in row.missing] == [Feature.BRIDGE]
    assert any("a keyring of this test" in note for note in row.notes)


def test_without_a_keyring_the_row_says_so_plainly(store: Store) -> None:
    store.run(save_account_settings, PRACTICE)
    row = store.read(read_account, None, "nowhere: no keyring", False)
    assert any("memory only" in note for note in row.notes)


def test_files_only_has_nothing_to_sign_in_to(store: Store) -> None:
    row = store.read(read_account)
    assert not row.can_sign_in and not row.scopes and not row.missing


def test_a_sign_in_runs_beside_the_window_and_can_be_cancelled(
    store: Store, account: Account
) -> None:
    asked, ended = threading.Event(), threading.Event()
    running = SigningIn(
        store,
        account,
        Way.BROWSER,
        tell=lambda _: asked.set(),
        ended=lambda _: ended.set(),
    )
    assert asked.wait(20)
    running.cancel()
    assert ended.wait(20)
    assert isinstance(running.future.exception(), SignInCancelled)


def test_a_sign_in_beside_the_window_ends_with_who(store: Store, account: Account) -> None:
    store.run(save_account_settings, PRACTICE)
    running = SigningIn(store, account, Way.BROWSER, tell=browser())
    assert running.future.result(20).email == OKAFOR[0]


def test_those_with_a_part_in_flights_have_a_mailbox_in_practice(store: Store) -> None:
    store.run(make_person, "Kai Ito", roles=[Role.TECHNICIAN])
    store.run(make_person, "Una Sommer", roles=[Role.USER])
    assert [name for _, name in store.read(practice_people)] == ["Kai Ito"]


def test_who_signed_in_to_practice_last_is_the_first_who_practises(store: Store) -> None:
    store.run(save_account_settings, PRACTICE)
    store.run(make_person, "Kai Ito", roles=[Role.TECHNICIAN])
    store.run(make_person, "Ada Wren", roles=[Role.TECHNICIAN])
    last = store.read(practice_people)[1]
    store.run(note_sign_in, Profile.PRACTICE, last[0])
    assert store.read(practice_people)[0] == last
