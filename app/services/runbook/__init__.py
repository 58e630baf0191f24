"""The steps of a flight: laying them out, moving them, reading the board."""
