"""The bridge of a flight: a static line, or an online meeting with a closing procedure."""
