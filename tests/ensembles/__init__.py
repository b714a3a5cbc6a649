"""Ensembles: draws, stores, resumption, clusters, quantiles and sensitivity indices."""
