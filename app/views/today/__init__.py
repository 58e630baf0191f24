"""Today: the next window, what needs the coordinator, the days ahead."""
