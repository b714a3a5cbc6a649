"""Published data: formats, checks, catalogue, cache and downloads."""
