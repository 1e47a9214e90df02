"""A recording cut into stretches of one topic each, with tags."""
