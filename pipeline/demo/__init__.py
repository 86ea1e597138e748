"""Demo data: dated inputs of an invented company's last twelve months; the engine computes all the rest."""
