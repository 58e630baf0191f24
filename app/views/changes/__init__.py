"""Change records of an outage: what was really changed, reviewed by a person."""
