"""Live: the one screen of the window itself."""
