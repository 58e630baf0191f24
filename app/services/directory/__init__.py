"""The directory's use cases: people, services, CIs, audiences, and reading them from files."""
