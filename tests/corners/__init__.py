"""Corner states of the economy, and extremes."""
