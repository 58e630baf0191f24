"""The paper packet: pages, PDF and printer."""
