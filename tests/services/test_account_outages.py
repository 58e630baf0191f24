"""When something else answers in the door's place, nobody is asked to sign in again for it."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from app.services.account.http import PatientSession
from app.services.account.session import Account, Door
from app.services.account.token_file import TokenFile
from app.services.ports.trouble import Unreachable
from app.services.practice.certificate import Certificate, make_certificate
from app.services.practice.grants import CLIENT_ID
from app.services.practice.process import in_thread_practice
from tests.services.account_doors import OKAFOR, MemorySecrets, make_account, sign_in

Answer = tuple[int, str]
PORTAL: Answer = (200, "<html><body>Welcome to the guest network, please accept.</body></html>")
BROKEN: Answer = (503, "Service Unavailable")
HALF: Answer = (200, '{"token_type": "Bearer", "access_tok')
PASSING: Answer = (400, '{"error": "temporarily_unavailable", "error_description": "AADSTS90033"}')


@contextmanager
def served(certificate: Certificate, answer: Answer, *, discovery: bool) -> Iterator[str]:
    """An HTTPS server that gives `answer` to everything, except perhaps to discovery."""

    class Stranger(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            base = f"https://{self.headers['Host']}/any/oauth2/v2.0"
            names = ("authorization_endpoint", "token_endpoint", "device_authorization_endpoint")
            known = json.dumps({name: f"{base}/{name}" for name in names})
            self._say(*((200, known) if discovery else answer))

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self._say(*answer)

        def _say(self, status: int, text: str) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Stranger)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.chain_pem)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"https://127.0.0.1:{server.server_address[1]}/any"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def signed_in(tmp_path: Path) -> Callable[[Door], Account]:
    """An account that was signed in at the real door and now finds another."""
    secrets, file = MemorySecrets(), tmp_path / "practice.tokens"
    with in_thread_practice(tmp_path / "practice", people=[OKAFOR]) as practice:
        sign_in(make_account(practice, file, secrets))
    kept = TokenFile(file, secrets, "practice")
    return lambda door: Account(lambda: door, kept, practice=True)


@pytest.mark.parametrize("answer", [PORTAL, BROKEN, HALF, PASSING], ids=lambda each: each[1][:12])
@pytest.mark.parametrize("discovery", [True, False])
def test_what_else_answers_means_unreachable(
    signed_in: Callable[[Door], Account], tmp_path: Path, answer: Answer, discovery: bool
) -> None:
    certificate = make_certificate(tmp_path / "stranger")
    with served(certificate, answer, discovery=discovery) as authority:
        account = signed_in(Door(authority, CLIENT_ID, ("User.Read",), certificate.ca_pem))
        with pytest.raises(Unreachable):
            account.token(fresh=True)
        assert account.who() is not None


def test_an_authority_that_the_machine_trusts_is_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A company that looks into its traffic puts its own into the system's store."""
    certificate = make_certificate(tmp_path / "company")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.ca_pem))
    with served(certificate, PORTAL, discovery=False) as address:
        assert PatientSession(5).get(address).text == PORTAL[1]


def test_a_certificate_of_somebody_else_is_not_trusted(
    signed_in: Callable[[Door], Account], tmp_path: Path
) -> None:
    certificate, other = (make_certificate(tmp_path / name) for name in ("stranger", "ours"))
    with served(certificate, PORTAL, discovery=True) as authority:
        account = signed_in(Door(authority, CLIENT_ID, ("User.Read",), other.ca_pem))
        with pytest.raises(Unreachable):
            account.token(fresh=True)
