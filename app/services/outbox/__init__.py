"""What is to leave this laptop: prepared, tried, looked for, taken back, and seen to have left."""
