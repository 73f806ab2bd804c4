"""How good likelihood ratios are, how far they are supported, and where to abstain. Nothing is fitted here."""
