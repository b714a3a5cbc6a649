"""The behaviour of banks, money funds and hedge funds that can fail, written once a sector."""
