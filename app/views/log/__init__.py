"""The log of an outage: everything that was done and said, in order."""
