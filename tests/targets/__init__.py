"""Targets against closed forms, and target files against the messages that they deserve."""
