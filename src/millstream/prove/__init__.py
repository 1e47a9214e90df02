"""Is what we make worth training on? One target, equal budgets, several arms, several seeds, intervals by dialogue."""
