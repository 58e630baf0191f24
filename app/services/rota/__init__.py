"""The rota: turns, hand-over, off-hours."""
