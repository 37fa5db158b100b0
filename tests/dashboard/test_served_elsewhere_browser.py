"""The page behind a proxy under a path of its own, as docs/howto/serve-the-page.md says."""

import pytest
from page_steps import APP, FIRST, changed, lever, open_group, shows, version
from reverse_proxy import ReverseProxy
from served import Server

ROOT = "/x/y"


@pytest.fixture(scope="module")
def proxies(browser, tmp_path_factory):
    """Return two proxies of one server, which warns of nothing: by whether they take their path off."""
    made = {strips: ReverseProxy(0, ROOT, strips) for strips in (True, False)}
    served = {"port": 0, "allow_hosts": [proxy.name for proxy in made.values()], "root_path": ROOT}
    server = Server(APP, tmp_path_factory.mktemp("behind"), served)
    for proxy in made.values():
        proxy.behind = int(server.url.rsplit(":", 1)[1])
    yield made
    server.stop()
    for proxy in made.values():
        proxy.shutdown()
        proxy.server_close()
    assert not [line for line in server.lines if "Warning" in line or "warn" in line]


@pytest.mark.parametrize("strips", [True, False])
def test_the_page_works_under_the_path_of_a_proxy(proxies, open_page, strips):
    page = open_page(f"http://{proxies[strips].name}{ROOT}/?runs=20")
    page.wait_for_selector(".ab-world [data-state]", state="attached", timeout=FIRST)
    open_group(page, "Aid")
    before = version(page)
    lever(page, "blocs.china.aid_budget").press("Home")
    moved = changed(page, before)
    page.wait_for_function("location.search.includes('aid_budget')")
    page.wait_for_function("path => location.pathname === path", arg=f"{ROOT}/")
    page.reload()
    shows(page, moved)
