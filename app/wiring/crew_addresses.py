"""The addresses of this computer, in words that help to choose the one phones reach."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtNetwork import QAbstractSocket, QNetworkInterface

from app.models.crew.serving import LOOPBACK

_Type = QNetworkInterface.InterfaceType
_WORDS = {_Type.Wifi: "Wi-Fi", _Type.Ethernet: "cable", _Type.Virtual: "virtual"}
_Flag = QNetworkInterface.InterfaceFlag


def addresses() -> list[tuple[str, str]]:
    """(address, words), loopback first, then those of IPv4: they are read out more easily."""
    found = sorted(_found(), key=lambda each: ":" in each[0])
    return [(LOOPBACK, f"{LOOPBACK} · this computer only, or behind a proxy"), *found]


def _found() -> Iterator[tuple[str, str]]:
    for interface in QNetworkInterface.allInterfaces():
        flags = interface.flags()
        if not flags & _Flag.IsUp or flags & _Flag.IsLoopBack:
            continue
        kind = _WORDS.get(interface.type(), "network")
        for entry in interface.addressEntries():
            address = entry.ip()
            if address.protocol() == QAbstractSocket.NetworkLayerProtocol.IPv6Protocol:
                if address.isLinkLocal():
                    continue
                address.setScopeId("")
            text = address.toString()
            yield text, f"{text} · {kind} ({interface.humanReadableName()})"
