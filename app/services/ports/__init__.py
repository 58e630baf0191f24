"""Protocols for the outside world. Use cases know these; only wiring knows who stands behind.

All of them may raise the troubles of `ports.trouble`; nothing else leaves an adapter.
"""

from app.services.ports.clock import Clock

__all__ = ["Clock"]
