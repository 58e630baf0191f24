"""Signing in to Microsoft 365 (or to the practice tenant), and keeping the tokens safe."""
