"""Views of lists that people saved: filters under a name, for oneself or shared. They hold no row of any list."""
