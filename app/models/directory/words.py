"""The fixed words of the directory. The values are tokens: database, CSV and JSON use them."""

from __future__ import annotations

from enum import StrEnum

from app.models.ids import key_of


def name_keys(name: str) -> set[str]:
    """The keys a person may have who is called so: `Radiology, D. Moreau` and `D. Moreau,
    Radiology` are both D. Moreau."""
    first, _, last = name.partition(",")
    return {key_of(part) for part in (name, first, last)} - {""}


def in_one(phone: str) -> str:
    """The number for a text that wraps: no line ends within it. For showing only, as it is not
    what was stored."""
    return phone.replace(" ", "\u00a0")


class Role(StrEnum):
    TECHNICIAN = "technician"
    COORDINATOR = "coordinator"
    LEADER = "leader"
    USER = "user"


class CiKind(StrEnum):
    SERVER = "server"
    VIRTUAL_MACHINE = "virtual_machine"
    STORAGE = "storage"
    NETWORK = "network"
    FIREWALL = "firewall"
    DATABASE = "database"
    APPLICATION = "application"
    CIRCUIT = "circuit"
    POWER = "power"
    CLUSTER = "cluster"
    OTHER = "other"


class Environment(StrEnum):
    PRODUCTION = "production"
    STANDBY = "standby"
    TEST = "test"
    DEVELOPMENT = "development"


class Criticality(StrEnum):
    """How much the organisation hangs on a service; `critical` makes an outage critical."""

    CRITICAL = "critical"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"
