"""The store's own keeping: backups, restore, looking it over."""
