"""Statistical detectors that the operator has configured. A score is never more than a suspicion."""
