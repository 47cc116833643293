#!/usr/bin/env python3
"""Part of `meson install`: the complete packs of the build folder to DATADIR/luling/packs.

usage: install_packs.py BUILT DATADIR      MESON_INSTALL_DESTDIR_PREFIX is set by meson
"""
import os
import pathlib
import shutil
import sys

built, datadir = sys.argv[1:]
target = pathlib.Path(os.environ["MESON_INSTALL_DESTDIR_PREFIX"]) / datadir / "luling/packs"
if target.exists():
    shutil.rmtree(target)
shutil.copytree(built, target, copy_function=shutil.copyfile)
