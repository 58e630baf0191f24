"""Leading the window: roll call, decisions, the words and numbers of Live."""
