"""Multilingual crowdworkers (Njifenjou et al. 2025, arXiv 2503.03462): everyday and service talk in many languages.

Demonstrations are in one of them alone, and nothing is translated. docs/recipes/crowd.md names each assumption. Knows
no streams.
"""
