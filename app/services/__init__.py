"""WHAT HAPPENS: use cases in plain Python. No Qt."""
