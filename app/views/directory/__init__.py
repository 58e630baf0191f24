"""Bringing people, services, items, audiences, steps and calendars in."""
