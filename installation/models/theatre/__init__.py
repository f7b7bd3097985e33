"""The theatre: a differentiable painter of paper-cut landscapes that needs no weights."""
