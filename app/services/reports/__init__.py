"""Reports and the files they leave in."""
