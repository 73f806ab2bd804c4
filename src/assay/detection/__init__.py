"""Files to evidence: scanners, the pool they run in, and what evidence asserts. It never decides anything."""
