"""Foreseen paths against forward solutions."""
