"""Evidence that others can check without the store: keys, signed tree heads, proofs. It changes nothing."""
