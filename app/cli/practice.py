"""`practice`: the practice tenant in the foreground, with its page."""

from __future__ import annotations

import argparse
import json
import urllib.error
import urllib.request

from app.models.errors import BadInput
from app.services.account.settings import account_settings, practice_people
from app.services.practice.process import Practice, start_practice
from app.wiring import Console


def practice(console: Console, asked: argparse.Namespace) -> int:
    """Runs until Ctrl+C. One that runs already is joined: it gets the faults."""
    people: tuple[tuple[str, str], ...] = ()
    shared: tuple[tuple[str, str], ...] = ()
    if console.store.organisation_id:
        people = console.store.read(practice_people)
        mailbox = console.store.read(account_settings).shared_mailbox
        shared = ((mailbox, "IT operations"),) if mailbox else ()
    started = start_practice(
        console.folder,
        port=asked.port,
        seed=asked.seed,
        faults=asked.faults,
        people=people,
        shared=shared,
    )
    try:
        print(f"Mailboxes, calendars and meetings: {started.pages}/")
        print(f"Microsoft Graph: {started.base_url}")
        print(f"Sign-in: {started.authority} (trust {started.ca_pem_path})", flush=True)
        if started.joined:
            if asked.faults:
                _set_faults(started, asked.faults, asked.seed)
            print("It runs already, in another window or command, and ends with that.")
            return 0
        print("Ctrl+C ends it; what is in it is kept for the next time.", flush=True)
        started.wait()
        return 0
    except KeyboardInterrupt:
        return 0
    finally:
        started.stop()


def _set_faults(running: Practice, spec: str, seed: int) -> None:
    """Raises BadInput when the faults cannot be read."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    request = urllib.request.Request(
        f"{running.pages}/practice/faults",
        json.dumps({"spec": spec, "seed": seed}).encode(),
        {"Content-Type": "application/json"},
    )
    try:
        opener.open(request, timeout=10).close()
    except urllib.error.HTTPError as refused:
        raise BadInput(str(json.load(refused).get("error", "The faults were not taken."))) from None
