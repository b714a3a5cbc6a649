"""Systems in which sectors have members: lifted from sector-level equations, solved as sparse vectors, audited link by link."""
