"""Flight Console: the desktop console of the Flight coordinator."""

__version__ = "0.1.0"
