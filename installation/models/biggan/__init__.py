"""BigGAN: the published architectures, as pytorch_pretrained_biggan defines them."""
