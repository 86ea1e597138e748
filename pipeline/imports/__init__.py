"""Imports of leads with their deals: stages, outcomes, money and the history that can be rebuilt."""
