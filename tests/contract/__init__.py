"""Whether an API keeps the contract: checks by URL that know nothing of how it is made."""
