"""How far and how likely: stages, deals, confidence, moves, and the pages on which leads are worked."""
