"""How fast this machine is: the walk, the dream, both together, beside the ordinary way and the physical limit."""
