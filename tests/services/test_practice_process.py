"""The practice tenant as a process of its own."""

from __future__ import annotations

import ipaddress
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from app.models.errors import ConsoleError
from app.services.practice.process import Practice, in_thread_practice, start_practice

PAT = ("pat@harbour.example", "Pat Ortiz")


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    started = start_practice(tmp_path, people=[PAT])
    yield started
    started.stop()


def opened(url: str, ca: Path | None = None, **more: Any) -> Any:
    handlers: list[urllib.request.BaseHandler] = [urllib.request.ProxyHandler({})]
    if ca is not None:
        handlers.append(
            urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=str(ca)))
        )
    request = urllib.request.Request(url, **more)
    return urllib.request.build_opener(*handlers).open(request, timeout=10)


def discovery(practice: Practice) -> Any:
    address = f"{practice.authority}/v2.0/.well-known/openid-configuration"
    with opened(address, practice.ca_pem_path) as answer:
        return json.load(answer)


def test_it_answers_over_https_with_a_certificate_its_own_authority_signed(
    practice: Practice,
) -> None:
    assert discovery(practice)["token_endpoint"].startswith(practice.authority)


def test_nobody_else_trusts_its_certificate(practice: Practice) -> None:
    with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
        opened(practice.base_url)


def test_who_asks_second_joins_the_one_that_runs(practice: Practice, tmp_path: Path) -> None:
    second = start_practice(tmp_path)
    assert second.joined
    second.stop()
    assert discovery(practice)


def test_who_joins_it_later_gets_a_mailbox(practice: Practice, tmp_path: Path) -> None:
    """A command may have started it before there was an organisation."""
    late = ("late@harbour.example", "Late Comer")
    start_practice(tmp_path, people=[late], shared=[("ops@harbour.example", "IT operations")])
    with opened(f"{practice.pages}/practice/mailboxes") as answer:
        emails = [each["email"] for each in json.load(answer)["mailboxes"]]
    assert emails == [late[0], "ops@harbour.example", PAT[0]]  # the first is who signs in


def test_it_is_gone_once_stopped_and_is_the_same_tenant_next_time(tmp_path: Path) -> None:
    first = start_practice(tmp_path, people=[PAT])
    first.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(first.pid, 0)
    second = start_practice(tmp_path)
    second.stop()
    assert second.authority.rsplit("/", 1)[1] == first.authority.rsplit("/", 1)[1]


def test_people_are_listed_as_they_were_named_last(tmp_path: Path) -> None:
    """The first of them is who the sign-in page proposes."""
    more = [(f"{name}@harbour.example", name) for name in ("kim", "ann", "zoe")]
    with in_thread_practice(tmp_path, people=[*more, PAT]):
        pass
    with in_thread_practice(tmp_path, people=[PAT, *more]) as practice:
        emails = [user.email for user in practice.tenant.users()]
    assert emails == [PAT[0], *(email for email, _ in more)]


def test_it_ends_when_its_console_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "console.py"
    script.write_text(
        "import sys, time\n"
        "from pathlib import Path\n"
        "from app.services.practice.process import start_practice\n"
        "if __name__ == '__main__':\n"
        "    started = start_practice(Path(sys.argv[1]))\n"
        "    print(started.pid, flush=True)\n"
        "    time.sleep(60)\n",
        encoding="utf-8",
    )
    root = Path(__file__).resolve().parents[2]
    console = subprocess.Popen(
        [sys.executable, str(script), str(tmp_path / "data")],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert console.stdout is not None
    child = int(console.stdout.readline())
    console.send_signal(signal.SIGKILL)
    console.wait(10)
    console.stdout.close()
    ended = time.monotonic() + 10
    while (again := start_practice(tmp_path / "data")).joined:  # it takes a moment to notice
        assert time.monotonic() < ended
    again.stop()
    assert again.pid != child


def test_faults_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    with pytest.raises(ConsoleError, match="typo"):
        start_practice(tmp_path, faults="typo:send")


def test_a_port_that_is_taken_is_named(practice: Practice, tmp_path: Path) -> None:
    port = int(practice.authority.split(":")[2].split("/")[0])
    with pytest.raises(ConsoleError, match=str(port)):
        start_practice(tmp_path / "other", port=port)


def test_the_next_start_listens_where_the_last_did(tmp_path: Path) -> None:
    with in_thread_practice(tmp_path) as practice:
        first = practice.running
    with in_thread_practice(tmp_path) as practice:
        assert (practice.running.base_url, practice.running.pages) == (first.base_url, first.pages)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_a_port_that_somebody_else_has_now_is_given_up(tmp_path: Path, host: str) -> None:
    with in_thread_practice(tmp_path) as practice:
        first = practice.running
    port = urlsplit(first.pages).port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family), in_thread_practice(tmp_path) as other:
        assert other.running.base_url == first.base_url
        assert other.running.pages != first.pages


def test_faults_are_set_while_it_runs(tmp_path: Path) -> None:
    with in_thread_practice(tmp_path) as practice:
        body = json.dumps({"spec": "429:send"}).encode()
        address = f"{practice.running.pages}/practice/faults"
        headers = {"Content-Type": "application/json"}
        with opened(address, data=body, headers=headers, method="POST") as answer:
            assert json.load(answer)["rules"] == practice.faults.rules() != []


@pytest.mark.parametrize("header", [{"Host": "evil.example"}, {"Origin": "https://evil.example"}])
def test_nobody_from_elsewhere_is_answered(tmp_path: Path, header: dict[str, str]) -> None:
    with (
        in_thread_practice(tmp_path) as practice,
        pytest.raises(urllib.error.HTTPError, match="403"),
    ):
        opened(f"{practice.running.pages}/devicelogin", headers=header)


def test_it_listens_on_loopback_alone(tmp_path: Path) -> None:
    with in_thread_practice(tmp_path):
        assert "127.0.0.1" in (listening := _listening_addresses())
    assert listening <= {"127.0.0.1", "::1"}


def _listening_addresses() -> set[str]:
    found = set()
    for family, table in (("4", "tcp"), ("6", "tcp6")):
        path = Path(f"/proc/self/net/{table}")
        if not path.exists():
            pytest.skip("this system has no /proc/net")
        for line in path.read_text(encoding="ascii").splitlines()[1:]:
            columns = line.split()
            if columns[3] == "0A" and int(columns[9]) in _own_sockets():
                found.add(_address(family, columns[1].split(":")[0]))
    return found


def _own_sockets() -> set[int]:
    links = [str(each.readlink()) for each in Path("/proc/self/fd").iterdir() if each.is_symlink()]
    return {int(link[8:-1]) for link in links if link.startswith("socket:[")}


def _address(family: str, digits: str) -> str:
    raw = bytes.fromhex(digits)
    if family == "4":
        return str(ipaddress.IPv4Address(raw[::-1]))
    words = b"".join(raw[at : at + 4][::-1] for at in range(0, 16, 4))
    return str(ipaddress.IPv6Address(words))
