"""What a pack promises: duties, declared harms, protected scenarios. It never says whether a promise is kept."""
