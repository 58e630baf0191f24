"""Behaviour of the practice tenant that differs between real tenants, or is not documented."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any, Literal


@dataclass(slots=True)
class Switches:
    """Defaults are the harsher reading of Graph where two are known.

    `send_delay`: seconds from 202 until the message is in Sent Items. `id_stays_on_send`: the
    immutable id survives sending (documented, not observed). `repeated_transaction`: what a
    second POST with the same transactionId gives. `drop_link`: a PATCH of `body` gives an online
    event a new join link. `mail_limits`: 30 messages a minute, 500 recipients a message, 10,000
    recipients a day. `concurrency`: requests in flight for one mailbox, 0 for any number.
    `undeliverable`: addresses (or `@domain` endings) that bounce. `delta_replays`: items repeated
    at the head of a round of changes. `gone_location`: a 410 names the place to start again.
    `cancelled_occurrences`: one cancelled occurrence is told of by delta.
    `held_sendmail`: what sendMail makes of a deferred message. `audio_licence`: meetings have
    a dial-in. `strict_scopes`: a missing scope is 403.
    """

    send_delay: float = 0.5
    id_stays_on_send: bool = False
    repeated_transaction: Literal["existing", "conflict"] = "existing"
    drop_link: bool = True
    mail_limits: bool = True
    concurrency: int = 4
    undeliverable: tuple[str, ...] = ("@bounce.example",)
    delta_replays: int = 0
    gone_location: bool = False
    cancelled_occurrences: bool = False
    held_sendmail: Literal["held", "twice"] = "twice"
    audio_licence: bool = True
    strict_scopes: bool = True

    def change(self, **values: Any) -> None:
        """Raises ValueError for a name or a kind of value that is not known; then none is set."""
        wanted = dict(values)
        kinds = {each.name: type(getattr(self, each.name)) for each in fields(self)}
        for name, value in values.items():
            if name not in kinds:
                raise ValueError(f"there is no switch called {name}")
            kind = kinds[name]
            if kind is tuple and isinstance(value, list):
                value = tuple(str(each) for each in value)
            if kind is float and isinstance(value, int) and not isinstance(value, bool):
                value = float(value)
            if type(value) is not kind:
                raise ValueError(f"{name} takes a {kind.__name__}")
            wanted[name] = value
        for name, value in wanted.items():
            setattr(self, name, value)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    def bounces(self, address: str) -> bool:
        plain = address.casefold()
        return any(
            plain.endswith(each) if each.startswith("@") else plain == each
            for each in self.undeliverable
        )
