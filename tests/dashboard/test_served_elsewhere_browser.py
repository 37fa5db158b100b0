"""The page behind a proxy under a path of its own, as docs/howto/serve-the-page.md says."""

import pytest
from page_steps import APP, FIRST, changed, lever, open_group, shows, version
from reverse_proxy import ReverseProxy

ROOT = "/x/y"


@pytest.mark.parametrize("strips", [True, False])
def test_the_page_works_under_the_path_of_a_proxy(serve_page, open_page, tmp_path, strips):
    proxy = ReverseProxy(0, ROOT, strips)
    served = {"port": 0, "allow_hosts": [proxy.name], "root_path": ROOT}
    server = type(serve_page(APP))(APP, tmp_path, served)
    try:
        proxy.behind = int(server.url.rsplit(":", 1)[1])
        page = open_page(f"http://{proxy.name}{ROOT}/?runs=20")
        page.wait_for_selector(".ab-world [data-state]", state="attached", timeout=FIRST)
        open_group(page, "Aid")
        before = version(page)
        lever(page, "blocs.china.aid_budget").press("Home")
        moved = changed(page, before)
        page.wait_for_function("location.search.includes('aid_budget')")
        page.wait_for_function("path => location.pathname === path", arg=f"{ROOT}/")
        page.reload()
        shows(page, moved)
        page.goto("about:blank")  # before its server goes, whose end it would report
    finally:
        server.stop()
        proxy.shutdown()
        proxy.server_close()
    assert not [line for line in server.lines if "Warning" in line or "warn" in line]
