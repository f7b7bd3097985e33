"""BigGAN-deep (Brock, Donahue, Simonyan, 2019), through `pytorch_pretrained_biggan`."""

CONFIG, WEIGHTS = "config.json", "pytorch_model.bin"  # the files of a model, as the library names them
