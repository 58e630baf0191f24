"""Notices: what is said to whom, by when, and what a good one says."""
