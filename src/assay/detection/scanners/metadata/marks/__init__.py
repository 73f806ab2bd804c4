"""What fields mean: one module a family of marks. A mark counts only in its proper field and its proper form."""
