"""The outage: planning it, leading it through its life, and what it owes."""
