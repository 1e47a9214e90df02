"""Puts tests/ on the path of every test, and takes the clock out of the property tests: a busy machine is no bug."""

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
