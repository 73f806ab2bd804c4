"""Commands that prove and compare packs, and show what they found. None of them counts a guess as a proof."""
