"""Commands about evidence: trust lists, credentials, labels, scanners, inspection. They decide nothing."""
