"""Rows drawn to be looked at more closely, and what two versions say of them. It never draws by chance."""
