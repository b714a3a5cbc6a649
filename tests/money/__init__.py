"""Money creation and comparison."""
