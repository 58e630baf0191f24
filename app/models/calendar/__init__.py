"""Freezes, business events and conflicts: what a window may run into."""
