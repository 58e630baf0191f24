"""The one way set-up gives up: a sentence for a person, and exit code 2."""

from __future__ import annotations

import errno
from pathlib import Path


class Trouble(Exception):
    """Set-up cannot go on. The text says what failed and what to do next."""


def from_os_error(error: OSError, doing: str) -> Trouble:
    """Turn the operating system's word into ours; `doing` completes "While …"."""
    where = f" ({error.filename})" if error.filename else ""
    if error.errno == errno.ENOSPC:
        return disk_full(doing)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return Trouble(
            f"While {doing}: this folder may not be written to{where}. "
            "Copy the checkout to a folder of your own, or correct its owner, then start again."
        )
    return Trouble(f"While {doing}: {error.strerror or error}{where}. Put that right, start again.")


def disk_full(doing: str) -> Trouble:
    return Trouble(
        f"While {doing}: the disk is full. Free about 1 GB, then start again: "
        "what is already downloaded is kept."
    )


# pip prints dozens of lines; these fragments tell which sentence a person needs. Order counts:
# a broken connection also ends in "No matching distribution found".
_DISK = ("No space left on device", "Errno 28", "not enough space on the disk")
_HASH = ("DO NOT MATCH THE HASHES", "Hashes are required in --require-hashes mode")
_CERTIFICATE = ("CERTIFICATE_VERIFY_FAILED", "SSLError", "SSLCertVerificationError")
_NETWORK = (
    "NewConnectionError",
    "Failed to establish a new connection",
    "Name or service not known",
    "Temporary failure in name resolution",
    "getaddrinfo failed",
    "nodename nor servname",
    "Connection refused",
    "Connection reset",
    "Connection aborted",
    "Connection broken",
    "ConnectTimeoutError",
    "ReadTimeoutError",
    "Read timed out",
    "Network is unreachable",
    "ProxyError",
    "ProtocolError",
    "IncompleteRead",
    "connection error",
)


def from_pip(output: str, log: Path) -> Trouble:
    """The sentence for a failed pip, told from what it printed; `log` holds all of it."""

    def mentions(fragments: tuple[str, ...]) -> bool:
        return any(fragment in output for fragment in fragments)

    if mentions(_DISK):
        return disk_full("installing the pinned packages")
    if mentions(_HASH):
        return Trouble(
            "A package is not the one that was pinned (its hash differs), so nothing of it was "
            "installed. Look at your package index or proxy; if the pins are old, run "
            f"`python3 packaging/dev.py lock`. Details: {log}"
        )
    if mentions(_CERTIFICATE):
        return Trouble(
            "The package index could not be trusted (its certificate does not verify). Behind a "
            "proxy that opens TLS, give pip its certificate (`pip config set global.cert FILE`), "
            f"then start again. Details: {log}"
        )
    if mentions(_NETWORK):
        return Trouble(
            "The package index cannot be reached. Check the network, or set up your proxy or "
            "mirror for pip (HTTPS_PROXY, PIP_INDEX_URL), then start again: what is already "
            f"installed is kept. Details: {log}"
        )
    if "No matching distribution found" in output:
        return Trouble(
            "The package index offers no build of a pinned package for this Python and system. "
            "Try Python 3.11, 3.12 or 3.13 on a 64-bit system, and look whether your index or "
            f"mirror is complete. Details: {log}"
        )
    lines = [line for line in output.splitlines() if line.strip()]
    last = next((line for line in reversed(lines) if line.startswith("ERROR")), "")
    return Trouble(
        f"pip could not install the pinned packages: {last or (lines or ['no reason given'])[-1]} "
        f"Read {log}, put that right, then start again."
    )
