"""dollarflow."""
