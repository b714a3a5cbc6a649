"""Text models: textbook models with independent solutions, the parser, its messages."""
