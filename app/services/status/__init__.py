"""The status page for people: what is shown, as HTML and feeds, and where it is written."""
