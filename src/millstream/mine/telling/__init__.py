"""Which cell of the tables a line of a host tells, weighed by a trained scorer. Knows no language model."""
