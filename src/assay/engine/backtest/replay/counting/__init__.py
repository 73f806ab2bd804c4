"""What a replay counts, part by part. It decides nothing."""
