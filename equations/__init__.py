"""The economy: the chart of accounts, one file a sector or market, all of it put together in ``dollar_system``.

Parameters are declared here and have their values in ``calibration``.
"""
