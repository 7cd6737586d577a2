"""Explanation methods, one a file behind one signature."""
