"""The certificate of the crew board: kept, made anew when it must be, or the organisation's."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from app.models.crew.serving import Proof, Serving
from app.models.errors import BadInput
from app.services.crew.certificate import FILE, certificate_of
from app.services.crew.served_lock import FOLDER
from tests.authority import Authority

NOW = datetime(2025, 1, 10, 12, tzinfo=UTC)
OFFICE = Serving("192.168.1.20", name="crew.example")


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


def own(folder: Path, authority: Authority, *names: str) -> Serving:
    issued = authority.issue(folder, *names)
    return Serving(
        "192.168.1.20",
        proof=Proof.OWN,
        name="crew.example",
        certificate=str(issued.chain),
        key=str(issued.key),
    )


def test_the_one_made_here_is_kept_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    made = certificate_of(tmp_path, OFFICE, NOW)
    again = certificate_of(tmp_path, OFFICE, NOW + timedelta(days=300))

    assert made is not None and again is not None
    assert made.made and not again.made
    assert made.fingerprint == again.fingerprint
    assert (tmp_path / FOLDER / FILE).stat().st_mode & 0o777 == 0o600


def test_it_names_the_address_and_the_host_and_signs_for_nobody_else(tmp_path: Path) -> None:
    certificate_of(tmp_path, OFFICE, NOW)

    found = x509.load_pem_x509_certificate((tmp_path / FOLDER / FILE).read_bytes())
    names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert {str(each.value) for each in names} >= {"192.168.1.20", "crew.example", "127.0.0.1"}
    limits = found.extensions.get_extension_for_class(x509.BasicConstraints).value
    assert not limits.ca


@pytest.mark.parametrize(
    ("wanted", "later"),
    [(Serving("10.0.0.4"), timedelta()), (OFFICE, timedelta(days=380))],
)
def test_another_address_or_its_end_near_makes_it_anew(
    tmp_path: Path, wanted: Serving, later: timedelta
) -> None:
    first = certificate_of(tmp_path, OFFICE, NOW)
    second = certificate_of(tmp_path, wanted, NOW + later)

    assert first is not None and second is not None
    assert second.made and second.fingerprint != first.fingerprint


def test_a_broken_file_is_no_certificate(tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / FILE).write_text("half a")

    made = certificate_of(tmp_path, OFFICE, NOW)

    assert made is not None and made.made


def test_the_organisations_own_is_taken_as_it_is(tmp_path: Path, authority: Authority) -> None:
    wanted = own(tmp_path, authority, "*.example")

    found = certificate_of(tmp_path, wanted, None)

    assert found is not None and not (tmp_path / FOLDER).exists()
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(found.chain, found.key)


def test_the_organisations_own_that_phones_would_refuse_is_refused_here(
    tmp_path: Path, authority: Authority
) -> None:
    elsewhere = own(tmp_path, authority, "mail.example")
    with pytest.raises(BadInput, match=r"not for “crew\.example”"):
        certificate_of(tmp_path, elsewhere, None)

    wanted = own(tmp_path, authority, "crew.example")
    with pytest.raises(BadInput, match="ended on"):
        certificate_of(tmp_path, wanted, datetime(2999, 1, 1, tzinfo=UTC))

    other = authority.issue(tmp_path, "crew.example", stem="other")
    other.key.replace(wanted.key)
    with pytest.raises(BadInput, match="not the key of"):
        certificate_of(tmp_path, wanted, None)

    (tmp_path / "crew.pem").unlink()
    with pytest.raises(BadInput, match="cannot be read"):
        certificate_of(tmp_path, wanted, None)


def test_behind_a_proxy_there_is_none(tmp_path: Path) -> None:
    behind = Serving(proof=Proof.PROXY, public="https://crew.example")

    assert certificate_of(tmp_path, behind, NOW) is None


def test_a_key_that_a_password_locks_is_said(tmp_path: Path, authority: Authority) -> None:
    wanted = own(tmp_path, authority, "crew.example")
    key = Path(wanted.key)
    found = serialization.load_pem_private_key(key.read_bytes(), None)
    locked = serialization.BestAvailableEncryption(b"secret")
    pem, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    key.write_bytes(found.private_bytes(pem, form, locked))
    with pytest.raises(BadInput, match="locked by a password"):
        certificate_of(tmp_path, wanted, datetime.now(UTC))
