"""One period: what is given, Newton's method with its fallbacks, the path that periods make, the diagnosis where one fails."""
