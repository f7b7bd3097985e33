"""A picture as Fourier coefficients."""
