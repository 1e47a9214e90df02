"""A run in the browser of the one who reads it: a local page, its data, and what people decide and rate.

The server answers this machine alone, the page loads nothing from anywhere, and every text is shown as text, because it
comes from streams. Knows run folders by the files it is handed; refuses to judge what people decide.
"""
