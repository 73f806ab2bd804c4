"""Policies as plain CEL, for programs in Go, Java or C++. It never evaluates any."""
