"""Signatures on bundles and releases: who made them, who is trusted. None of them says that a policy is good."""
