"""What this part adds to other pages, and what is found by name. It shows nobody more than its own pages do."""
