"""The outage: its lifecycle, its impact class, and what it owes."""
