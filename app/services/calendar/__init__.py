"""The calendar's use cases, and reading calendar files in a child process.

Nothing is imported here: `child.py` starts a process that must stay free of Qt and the database.
"""
