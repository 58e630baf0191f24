"""The crew board: links that open it on a phone, and what is tapped there. No IO, no clock."""
