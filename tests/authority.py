"""A certificate authority of a test: signs for a host name, and is trusted where a test says so."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

PEM = serialization.Encoding.PEM
NAME = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "An organisation’s authority")])


@dataclass(frozen=True)
class Issued:
    """Files of a certificate and its key."""

    chain: Path
    key: Path


class Authority:
    @staticmethod
    @cache
    def of_tests() -> Authority:
        """One for a whole run: a profile that trusts it trusts whatever it signs."""
        return Authority()

    @cached_property
    def _key(self) -> ec.EllipticCurvePrivateKey:
        return ec.generate_private_key(ec.SECP256R1())

    @cached_property
    def _certificate(self) -> x509.Certificate:
        begun = _begun(NAME, self._key.public_key())
        constrained = begun.add_extension(x509.BasicConstraints(True, 0), critical=True)
        return constrained.sign(self._key, hashes.SHA256())

    def written(self, folder: Path) -> Path:
        """What whoever trusts it is given."""
        path = folder / "ca.pem"
        path.write_bytes(self._certificate.public_bytes(PEM))
        return path

    def issue(self, folder: Path, *names: str, stem: str = "crew") -> Issued:
        key = ec.generate_private_key(ec.SECP256R1())
        issued = (
            _begun(x509.Name([]), key.public_key())
            .add_extension(
                x509.SubjectAlternativeName([_alternative(n) for n in names]), critical=True
            )
            .add_extension(x509.BasicConstraints(False, None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        made = Issued(folder / f"{stem}.pem", folder / f"{stem}.key")
        made.chain.write_bytes(issued.public_bytes(PEM))
        made.key.write_bytes(
            key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        )
        return made


def _begun(subject: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(NAME)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
    )


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
