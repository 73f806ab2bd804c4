"""Policies as SQL, for engines that hold the data already. It never runs a query."""
