"""Reports, printed figures and the appendix."""
