"""The engine against outside oracles: closed forms, scipy, mpmath, exact fractions, brute force."""
