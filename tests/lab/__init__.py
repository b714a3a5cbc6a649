"""The lab page: knobs, files, server, figures, and the page in a real browser."""
