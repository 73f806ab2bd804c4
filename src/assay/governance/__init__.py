"""People and records: who may do what, what was done, and the rooms where policy is worked on. It decides no item."""
