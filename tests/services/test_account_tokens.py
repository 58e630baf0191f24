"""The file that keeps a sign-in, and where its key may lie."""

from __future__ import annotations

import base64
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import keyring
import keyring.errors
import pytest

from app.services.account.keyring_secrets import KeyringSecrets
from app.services.account.token_file import KEY_BYTES, TokenFile
from app.services.practice.process import in_thread_practice
from tests.services.account_doors import (
    OKAFOR,
    KeptInMemory,
    MemorySecrets,
    make_account,
    sign_in,
    trusted,
)

TEXT = '{"secret": "eyJ0eXAiOiJKV1QifQ.eyJvaWQiOiIxIn0.c2ln"}'


@pytest.fixture
def secrets() -> MemorySecrets:
    return MemorySecrets()


@pytest.fixture
def file(tmp_path: Path, secrets: MemorySecrets) -> TokenFile:
    made = TokenFile(tmp_path / "practice.tokens", secrets, "practice")
    made.save(TEXT)
    return made


def reopened(file: TokenFile, secrets: MemorySecrets, bound_to: str = "practice") -> TokenFile:
    return TokenFile(file.path, secrets, bound_to)


def test_what_was_saved_is_there_after_a_start(file: TokenFile, secrets: MemorySecrets) -> None:
    assert reopened(file, secrets).load() == TEXT


def test_nothing_of_it_can_be_read_in_the_file(file: TokenFile) -> None:
    content = file.path.read_bytes()
    assert content.startswith(b"TC1")
    for piece in (b"eyJ", b"secret", base64.b64encode(TEXT.encode())[:20]):
        assert piece not in content


def test_no_file_of_a_real_sign_in_holds_a_token(tmp_path: Path, secrets: MemorySecrets) -> None:
    folder = tmp_path / "account"
    with in_thread_practice(tmp_path / "practice", people=[OKAFOR]) as practice:
        account = make_account(practice, folder / "practice.tokens", secrets)
        sign_in(account)
        token = account.token().encode()
    for path in folder.iterdir():
        assert b"eyJ" not in (content := path.read_bytes()) and token not in content


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps others out by folder")
def test_the_file_is_its_owners_alone(file: TokenFile) -> None:
    assert file.path.stat().st_mode & 0o077 == 0


def test_each_save_looks_different(file: TokenFile) -> None:
    before = file.path.read_bytes()
    file.save(TEXT)
    assert file.path.read_bytes() != before


def test_a_flipped_byte_anywhere_means_signed_out(file: TokenFile, secrets: MemorySecrets) -> None:
    content = file.path.read_bytes()
    for at in range(len(content)):
        file.path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        assert reopened(file, secrets).load() is None


def test_a_file_cut_short_means_signed_out(file: TokenFile, secrets: MemorySecrets) -> None:
    content = file.path.read_bytes()
    for length in range(len(content)):
        file.path.write_bytes(content[:length])
        assert reopened(file, secrets).load() is None


def test_a_lost_key_means_signed_out_and_a_new_sign_in_is_kept(
    file: TokenFile, secrets: MemorySecrets
) -> None:
    secrets.kept.clear()
    fresh = reopened(file, secrets)
    assert fresh.load() is None
    fresh.save("{}")
    assert reopened(file, secrets).load() == "{}"


@pytest.mark.parametrize("key", ["", "no base64 at all", base64.b64encode(b"short").decode()])
def test_a_key_that_is_none_means_signed_out(
    file: TokenFile, secrets: MemorySecrets, key: str
) -> None:
    secrets.kept = dict.fromkeys(secrets.kept, key)
    assert reopened(file, secrets).load() is None


def test_the_key_fits_every_keyring(file: TokenFile, secrets: MemorySecrets) -> None:
    (kept,) = secrets.kept.values()
    assert len(base64.b64decode(kept)) == KEY_BYTES and len(kept) == 44


def test_tokens_for_another_tenant_or_app_are_not_opened(
    file: TokenFile, secrets: MemorySecrets
) -> None:
    assert reopened(file, secrets, "https://login.example/other app").load() is None


def test_two_profiles_and_two_folders_are_kept_apart(
    tmp_path: Path, secrets: MemorySecrets
) -> None:
    paths = (tmp_path / "a" / "practice.tokens", tmp_path / "b" / "practice.tokens",
             tmp_path / "a" / "microsoft.tokens")  # fmt: skip
    files = [TokenFile(path, secrets, path.stem) for path in paths]
    for path, file in zip(paths, files, strict=True):
        path.parent.mkdir(exist_ok=True)
        file.save(str(path))
    files[0].forget()
    assert [TokenFile(p, secrets, p.stem).load() for p in paths] == [None, *map(str, paths[1:])]


def test_forgetting_takes_the_key_along(file: TokenFile, secrets: MemorySecrets) -> None:
    copy = file.path.read_bytes()
    file.forget()
    assert secrets.kept == {}
    file.path.write_bytes(copy)
    assert reopened(file, secrets).load() is None


def test_without_a_safe_place_nothing_is_written(tmp_path: Path) -> None:
    file = TokenFile(tmp_path / "t", MemorySecrets(trusted=False), "practice")
    file.save(TEXT)
    assert not file.path.exists() and not file.keeps


@pytest.fixture
def backend() -> Iterator[KeptInMemory]:
    before, made = keyring.get_keyring(), KeptInMemory()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


def test_a_backend_nobody_vouches_for_is_not_used(backend: KeptInMemory) -> None:
    """Such as keyrings.alt, which writes plain text."""
    secrets = KeyringSecrets("test")
    secrets.set("key", "value")
    assert not secrets.trusted and backend.kept == {} and secrets.get("key") is None
    assert "no keyring" in secrets.place


@pytest.mark.parametrize("name", ["null", "fail"])
def test_a_keyring_that_keeps_nothing_is_not_trusted(name: str) -> None:
    before = keyring.get_keyring()
    keyring.set_keyring(importlib.import_module(f"keyring.backends.{name}").Keyring())
    try:
        assert not KeyringSecrets("test").trusted
    finally:
        keyring.set_keyring(before)


def test_a_trusted_backend_keeps_and_forgets(backend: KeptInMemory) -> None:
    trusted(backend)
    secrets = KeyringSecrets("test")
    secrets.set("key", "value")
    assert secrets.trusted and KeyringSecrets("test").get("key") == "value"
    secrets.delete("key")
    secrets.delete("key")
    assert secrets.get("key") is None


@pytest.mark.parametrize(
    "trouble", [keyring.errors.KeyringLocked, keyring.errors.InitError, OSError]
)
def test_a_keyring_that_refuses_is_told_and_nothing_is_kept(
    backend: KeptInMemory, trouble: type[Exception], tmp_path: Path
) -> None:
    trusted(backend).trouble = trouble
    file = TokenFile(tmp_path / "t", KeyringSecrets("test"), "practice")
    file.save(TEXT)
    assert not file.keeps and "does not answer" in file.place
    assert list(tmp_path.iterdir()) == []
