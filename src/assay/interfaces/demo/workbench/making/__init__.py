"""How the demonstration's house makes policy: one change after the other, each by its commands. It invents no entry."""
