"""WHAT PEOPLE SEE: Qt Widgets. No SQL, no HTTP."""
