"""Paths: the march through the periods, hidden identities, leads, batches of members."""
