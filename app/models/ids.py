"""Identifiers. Every id is a UUIDv7 (RFC 9562 §5.7) made before the insert."""

from __future__ import annotations

import os
import threading
import time
import uuid
from typing import NewType

OrganisationId = NewType("OrganisationId", str)
PersonId = NewType("PersonId", str)
DepartmentId = NewType("DepartmentId", str)
ServiceId = NewType("ServiceId", str)
CiId = NewType("CiId", str)
AudienceId = NewType("AudienceId", str)
OutageId = NewType("OutageId", str)
StepId = NewType("StepId", str)
NoticeId = NewType("NoticeId", str)
LayerId = NewType("LayerId", str)

_lock = threading.Lock()
_last = 0


def new_id() -> str:
    """A UUIDv7 as text; ids made later in this process sort later."""
    global _last
    with _lock:
        # 48 bit milliseconds and 12 bit fraction in one counter: strictly rising in a process
        stamp = max(_last + 1, time.time_ns() * 4096 // 1_000_000)
        _last = stamp
    value = (stamp >> 12) << 80 | 0x7 << 76 | (stamp & 0xFFF) << 64
    value |= 0b10 << 62 | int.from_bytes(os.urandom(8), "big") >> 2
    return str(uuid.UUID(int=value))


def key_of(name: str) -> str:
    """The stored, casefolded form of a name, by which names are unique in an organisation."""
    return " ".join(name.split()).casefold()
