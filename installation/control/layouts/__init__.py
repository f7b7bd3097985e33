"""Ready-made layouts for other programs, generated from the parameter table.

`widgets` chooses what a layout shows; each other module writes the files of one program. `registry.FORMATS` lists them.
"""
