"""People, services, configuration items and audiences: the words and rules about them."""
