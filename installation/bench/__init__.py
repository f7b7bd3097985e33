"""Measures the speed of this machine: walk, dream and whole shows, beside a baseline and the roofline."""
