"""The window itself: go/no-go criteria, the roll call, and words to say on the bridge."""
