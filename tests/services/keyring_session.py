"""What runs inside a D-Bus session of its own, with a real Secret Service in it: each step of the
account's life, written as one line of JSON. `python -m tests.services.keyring_session AUTHORITY
CA FILE DAEMON`."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import secretstorage
from jeepney import message_bus
from jeepney.io.blocking import Proxy
from secretstorage.exceptions import ItemNotFoundException, SecretServiceNotAvailableException

from app.services.account.keyring_secrets import KeyringSecrets
from app.services.account.session import Account, Door, SignedIn, Way
from app.services.account.token_file import TokenFile
from app.services.practice.grants import CLIENT_ID
from app.services.practice.visitor import visit

SERVICE = "flight-console/practice"
PASSWORD = "not a secret"


def steps(authority: str, ca: Path, file: Path, daemon: Path) -> Iterator[dict[str, Any]]:
    def account() -> Account:
        """As at the start of a console: nothing in memory."""
        door = Door(authority, CLIENT_ID, ("User.Read", "Mail.Send"), ca)
        kept = TokenFile(file, KeyringSecrets(SERVICE), "practice")
        return Account(lambda: door, kept, practice=True)

    with secret_service(daemon):
        who = sign_in(account())
        yield {"step": "signed in", "kept": who.kept, "place": who.place}
        yield {"step": "keyring", "values": values_kept()}
        later = account()
        yield {"step": "later", "token": bool(later.token()), "email": who.email}
        with closing(secretstorage.dbus_init()) as bus:
            secretstorage.get_default_collection(bus).lock()
        yield {"step": "locked", **state(account())}
    with secret_service(daemon):
        yield {"step": "unlocked", **state(account())}
        account().sign_out()
        yield {"step": "signed out", "values": values_kept(), "file": file.exists()}
    who = sign_in(nobody_unlocks := account())
    yield {
        "step": "nobody unlocks",
        "kept": who.kept,
        "place": who.place,
        "token": bool(nobody_unlocks.token()),
        "file": file.exists(),
    }


def sign_in(account: Account) -> SignedIn:
    return account.sign_in(Way.BROWSER, lambda prompt: visit(prompt.url), Event(), seconds=20)


def state(account: Account) -> dict[str, Any]:
    return {"signed_in": account.who() is not None, "kept": account.keeps, "place": account.place}


def values_kept() -> list[str]:
    with closing(secretstorage.dbus_init()) as bus:
        found = secretstorage.search_items(bus, {"service": SERVICE})
        return [item.get_secret().decode() for item in found]


@contextmanager
def secret_service(daemon: Path) -> Iterator[None]:
    """GNOME Keyring with its login keyring unlocked, until the block ends."""
    process = subprocess.Popen(
        [str(daemon), "--unlock", "--components=secrets", "--foreground"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )
    assert process.stdin is not None
    process.stdin.write(PASSWORD.encode())
    process.stdin.close()
    try:
        wait_until_it_answers()
        yield
    finally:
        process.terminate()
        process.wait(10)


def wait_until_it_answers() -> None:
    end = time.monotonic() + 30
    while not answers():
        if time.monotonic() > end:
            raise TimeoutError("the Secret Service does not answer")
        time.sleep(0.05)  # another process is starting: there is nothing to wait on


def answers() -> bool:
    """Whether ours is there and unlocked. To ask for more than its name would make the bus start
    another one, which nobody unlocks."""
    with closing(secretstorage.dbus_init()) as bus:
        (there,) = Proxy(message_bus, bus).NameHasOwner("org.freedesktop.secrets")
        try:
            return bool(there) and not secretstorage.Collection(bus).is_locked()
        except (ItemNotFoundException, SecretServiceNotAvailableException):
            return False


if __name__ == "__main__":
    for step in steps(sys.argv[1], *map(Path, sys.argv[2:5])):
        sys.stdout.write(json.dumps(step) + "\n")
