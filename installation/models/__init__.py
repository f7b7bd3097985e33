"""Generators and perceptors, one family a file."""
