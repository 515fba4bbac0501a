"""Correct implementations that share no code with the reference, each of which must earn every mark of its tracks."""
