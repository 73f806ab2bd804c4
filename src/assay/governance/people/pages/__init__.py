"""The pages of this room. They call queries and commands, and decide nothing themselves."""
