"""The metrics, read by Prometheus's own parser."""

from __future__ import annotations

import base64

from installation.core.messages import Changed
from installation.show.settings import WebSettings
from tests.conftest import require_package
from tests.control.web.client import content, running_web
from tests.running import until


def test_prometheus_reads_the_numbers_of_the_show() -> None:
    parser = require_package("prometheus_client.parser")
    with running_web() as web:
        web.surface.feedback(Changed("status/fps", 29.5))
        until(lambda: "laterna_status_fps 29.5" in content(web.get("/metrics")), 10, "the value")
        families = list(parser.text_string_to_metric_families(content(web.get("/metrics"))))
    values = {family.name: family.samples[0].value for family in families}
    assert (values["laterna_status_fps"], values["laterna_dream_enabled"]) == (29.5, 1.0)
    assert "laterna_prompt_current" not in values
    assert all(family.documentation for family in families)


def test_the_passcode_protects_them() -> None:
    with running_web(WebSettings(port=0, passcode="abend")) as web:
        assert web.get("/metrics").status == 401
        basic = base64.b64encode(b"prometheus:abend").decode()
        assert web.get("/metrics", Authorization=f"Basic {basic}").status == 200
