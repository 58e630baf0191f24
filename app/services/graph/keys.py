"""Our key on things of Outlook: an extended property, which stays where the thing stays."""

from __future__ import annotations

KEY_PROPERTY = "String {2f5a9d3e-6c1b-4e0f-9a57-8b1d4c7e2f60} Name FlightConsoleKey"
KEY_HEADER = "x-flight-console-key"


def quoted(text: str) -> str:
    """For the inside of quotes in a filter."""
    return text.replace("'", "''")


def carries(key: str) -> str:
    """The filter for what carries `key`."""
    return (
        f"singleValueExtendedProperties/Any(ep: ep/id eq '{KEY_PROPERTY}' "
        f"and ep/value eq '{quoted(key)}')"
    )
