"""The composer of notices and the Communication tab."""
