"""Recipes, data loaders and augmentation that remake each bundle."""
