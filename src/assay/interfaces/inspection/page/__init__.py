"""The page of one file's evidence. It needs no script and fetches nothing."""
