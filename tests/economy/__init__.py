"""Referee tests of the economy, by number of the list in the documentation."""
