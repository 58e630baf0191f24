"""Notices: writing them, checking them, and giving them out as files."""
