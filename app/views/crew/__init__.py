"""The console's side of the crew board: switched on for an outage, links handed out, who came."""
