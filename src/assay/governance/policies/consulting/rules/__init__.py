"""What holds of consultations, without a store: what is withheld, what may be said, and when it is too late."""
