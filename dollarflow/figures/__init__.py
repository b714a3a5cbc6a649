"""Charts for papers: the report's charts drawn by matplotlib, in one style, as vector files."""
