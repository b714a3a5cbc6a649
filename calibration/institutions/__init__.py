"""Generated institutions: sizes, links and shocks, with sums that are those of the calibrated opening."""
