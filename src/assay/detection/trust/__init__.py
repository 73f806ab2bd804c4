"""Whom the operator trusts: lists of certificates in a folder, with where each came from. It ships no list."""
