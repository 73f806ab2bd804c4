"""Tokens for programs: a person lets a program do some of what they may. A token is never more than its person."""
