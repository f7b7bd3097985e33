"""A perceptor of photographs from two small packages: an image classifier and multilingual sentence embeddings."""
