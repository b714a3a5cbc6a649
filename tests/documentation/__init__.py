"""README, pages, notebook, examples and the site run, parse and point to what exists."""
