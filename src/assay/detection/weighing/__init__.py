"""What findings weigh and how they are put into words. It never reads a file and never decides what to do."""
