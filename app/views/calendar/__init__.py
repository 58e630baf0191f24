"""The Calendar page: a month or an agenda of everything that touches a window."""
