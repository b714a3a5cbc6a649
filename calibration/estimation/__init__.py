"""Behavioural parameters from data: one relation a file, with standard errors, samples, priors and what the data cannot tell."""
