"""Outages: the list, the workspace of one, and the form that plans it."""
