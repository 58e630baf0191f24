"""The Outbox: what is to leave, is leaving, has left, and what a person is asked about."""
