"""The commands on a language model's judge: ask it, measure it, read what it is told. They decide nothing."""
