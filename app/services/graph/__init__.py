"""Microsoft Graph behind the ports: one client, and a mailbox, calendars and meetings over it.

Imports httpx, so nothing imports this before somebody is signed in; only `wiring` knows it.
"""
