"""Tests of the paper stage."""
