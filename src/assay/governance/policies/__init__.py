"""Where policy is made: changes and their life cycle, from the idea to what decides. It decides no item."""
