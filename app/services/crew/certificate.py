"""The certificate the crew board shows: one made here and kept, or the organisation's own.

A phone that meets the one made here warns, as nobody vouches for it; its fingerprint is shown in
the window so that people can compare. So it is kept from start to start, and made anew only when
it ends soon or no longer names the address that is served.
"""

from __future__ import annotations

import ipaddress
import os
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from app.models.crew.serving import Proof, Serving
from app.models.errors import BadInput
from app.services.crew.served_lock import FOLDER

FILE = "certificate.pem"
LIFE = timedelta(days=397)
"""Longer is refused by phones."""
SOON = timedelta(days=30)
SKEW = timedelta(days=1)
ALWAYS = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Certificate:
    """`fingerprint` is SHA-256, as phones and browsers show it; `made` says that it is a new one,
    which nobody has compared yet."""

    chain: Path
    key: Path
    fingerprint: str
    until: datetime
    made: bool = False


def certificate_of(
    folder: Path, wanted: Serving, now: datetime | None = None
) -> Certificate | None:
    """What is shown when the board is served so from the data folder; None behind a proxy. The
    one made here is made when there is none that fits. Raises BadInput for files that are none,
    do not belong together, are for another host name or have ended."""
    moment = now or datetime.now(UTC)
    if wanted.proof is Proof.PROXY:
        return None
    if wanted.proof is Proof.OWN:
        return _own(Path(wanted.certificate), Path(wanted.key), wanted.name, moment)
    return _self_made(folder / FOLDER, [n for n in (wanted.host, wanted.name) if n], moment)


def fingerprint_of(certificate: x509.Certificate) -> str:
    """`AB:CD:…`, 32 pairs."""
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()


def _self_made(folder: Path, names: list[str], now: datetime) -> Certificate:
    path = folder / FILE
    kept = _kept(path)
    if kept is not None and _serves(kept, names, now):
        return Certificate(path, path, fingerprint_of(kept), kept.not_valid_after_utc)
    made, key = _signed_by_itself([*ALWAYS, *(n for n in names if n not in ALWAYS)], now)
    pem = serialization.Encoding.PEM
    kept_key = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write(path, made.public_bytes(pem) + kept_key)
    return Certificate(path, path, fingerprint_of(made), made.not_valid_after_utc, made=True)


def _kept(path: Path) -> x509.Certificate | None:
    """None where there is none, or nothing that could be shown."""
    try:
        content = path.read_bytes()
        serialization.load_pem_private_key(content, None)
        return x509.load_pem_x509_certificate(content)
    except (OSError, ValueError):
        return None


def _serves(kept: x509.Certificate, names: list[str], now: datetime) -> bool:
    lives = kept.not_valid_before_utc <= now and now + SOON < kept.not_valid_after_utc
    return lives and all(_is_for(kept, name) for name in names)


def _is_for(certificate: x509.Certificate, name: str) -> bool:
    """Whether it names this host or address, a star standing for one label."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return False
    try:
        return ipaddress.ip_address(name) in names.get_values_for_type(x509.IPAddress)
    except ValueError:
        wanted = name.casefold()
    for each in names.get_values_for_type(x509.DNSName):
        known = each.casefold()
        if known == wanted or (known[:2] == "*." and known[2:] == wanted.partition(".")[2]):
            return True
    return False


def _own(chain: Path, key: Path, name: str, now: datetime) -> Certificate:
    try:
        found = x509.load_pem_x509_certificate(chain.read_bytes())
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(chain, key, password=_no_password)
    except OSError as trouble:  # SSLError, too
        raise BadInput(_refused(chain, key, trouble)) from None
    except _Locked:
        raise BadInput(
            f"{key.name} is locked by a password; nothing was changed. Give a file of the key "
            "without one, which only you may read."
        ) from None
    except ValueError:
        raise BadInput(
            f"{chain.name} holds no certificate in PEM form; nothing was changed."
        ) from None
    if now >= found.not_valid_after_utc:
        ended = found.not_valid_after_utc.date().isoformat()
        raise BadInput(f"{chain.name} ended on {ended}; phones would refuse it. Renew it first.")
    if not _is_for(found, name):
        raise BadInput(f"{chain.name} is not for “{name}”; phones would refuse it there.")
    return Certificate(chain, key, fingerprint_of(found), found.not_valid_after_utc)


class _Locked(Exception):
    """A password is asked for."""


def _no_password() -> str:
    raise _Locked


def _refused(chain: Path, key: Path, trouble: OSError) -> str:
    if isinstance(trouble, ssl.SSLError):
        return (
            f"{key.name} is not the key of {chain.name}, or holds none in PEM form; nothing was "
            "changed."
        )
    why = trouble.strerror or str(trouble)
    return f"{trouble.filename or chain} cannot be read ({why}); nothing was changed."


def _signed_by_itself(
    names: list[str], now: datetime
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Flight Console crew board")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - SKEW)
        .not_valid_after(now - SKEW + LIFE)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(
            x509.SubjectAlternativeName([_alternative(each) for each in names]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    return made, key


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _write(path: Path, content: bytes) -> None:
    """For its owner's eyes only, from the first byte on."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        os.fsync(file.fileno())
    fresh.replace(path)
