"""Numbers, accounts and addresses of people that no rule knows, found by what surrounds them and how they look."""
