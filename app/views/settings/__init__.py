"""The store, the organisation and the look, as their settings."""
