"""Pages of impact: the summary, what each piece of work found, the assessments, the memo."""
