"""Readers: one module a publisher, each recognising and reading the formats that it publishes in."""
