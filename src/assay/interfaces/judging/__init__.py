"""Where items meet a language model's judge: which are asked what, and what its answers assert. It decides nothing."""
