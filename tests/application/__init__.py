"""Tests of the application: result folders, their audit, scenarios and commands."""
