"""Units and dimensional consistency."""
