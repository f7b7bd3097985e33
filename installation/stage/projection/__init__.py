"""How the picture lies on the wall: geometry, edge blend, mask and colour, on a GPU and without."""
