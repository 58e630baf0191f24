"""The practice tenant: a Microsoft 365 of our own, on this machine and reachable only from it.

It stands behind the same ports as the real one, over real HTTPS, so that a rehearsal runs the
code that runs in earnest. Nothing here is imported by use cases.
"""
