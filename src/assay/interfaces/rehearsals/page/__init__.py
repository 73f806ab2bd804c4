"""The page of a rehearsal: one file that a leader reads in two minutes and an analyst can check. It fetches nothing."""
