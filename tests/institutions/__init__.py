"""Generated institutions: lifting, aggregation, failures, contagion."""
