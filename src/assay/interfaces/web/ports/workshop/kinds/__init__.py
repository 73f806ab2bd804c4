"""The kinds of work: one module each. None of them writes a file, but for what the prover remembers."""
