"""The turn in which the console does outside what is on disk to be done."""
