"""What leaves the console on paper or as a report: plain values, no layout."""
