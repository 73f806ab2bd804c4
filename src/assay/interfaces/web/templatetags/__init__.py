"""The tags that every template may use. They show what they are given and ask no store."""
