"""How good: scoring models, the compiler to SQL, scores and their explanations."""
