"""The values of a show in the text format of Prometheus (https://prometheus.io/docs/instrumenting/exposition_formats)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from installation.core.messages import Value
from installation.core.params import PARAMS

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def exposition(values: Mapping[str, Value]) -> str:
    """Every number as a gauge: `status/fps` is `laterna_status_fps`. Texts are left out."""
    lines = []
    for name, row in PARAMS.items():
        value = values.get(name)
        if row.kind == "text" or not isinstance(value, (bool, int, float)):
            continue
        metric = f"laterna_{re.sub(r'[^a-zA-Z0-9]', '_', name)}"
        help = row.help.replace("\\", r"\\")
        lines += [f"# HELP {metric} {help}", f"# TYPE {metric} gauge", f"{metric} {float(value):.12g}"]
    return "\n".join(lines) + "\n"
