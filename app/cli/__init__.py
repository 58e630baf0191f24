"""`flight-console`: the same services without a window, or the window when nothing is asked."""
