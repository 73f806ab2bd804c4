"""The page of an evaluation: how well a detector works, and what that does not say."""
