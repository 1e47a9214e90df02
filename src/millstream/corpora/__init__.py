"""Readers of existing dialogue corpora, one file each. A corpus may also hold seeds for planning."""
