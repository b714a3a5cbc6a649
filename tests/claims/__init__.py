"""Tests of the register of claims."""
