"""Pages that are opened for a while and watched: nothing outside is asked for, and nothing fails."""

from contextlib import contextmanager

from page_steps import FIRST

DESK = {"width": 1440, "height": 900}


def new_context(browser, **options):
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"], **options)
    context.set_default_timeout(FIRST)
    return context


@contextmanager
def watched(browser, desk):
    """Give a function that opens a page; afterwards, nothing outside was asked for and nothing failed.

    The first page that needs nothing special opens in the tab of the file, others in a browser of their own.
    """
    contexts = []
    wrong: list[str] = []
    desk_is_free = [desk]

    def watch(page, origin):
        def pass_or_stop(route):
            if route.request.url.startswith((origin, "data:", "blob:")):
                route.continue_()
            else:
                wrong.append(f"asked for {route.request.url}")
                route.abort()

        def note(event, text_of):
            def heard(thing):
                if text := text_of(thing):
                    wrong.append(text)

            page.on(event, heard)
            return event, heard

        page.route("**/*", pass_or_stop)
        return [
            note("pageerror", lambda error: f"page error: {error}"),
            note("console", lambda said: f"console: {said.text}" if said.type == "error" else ""),
            note("response", lambda got: f"{got.status} {got.url}" if got.status >= 400 else ""),
        ]

    heard_on_desk = []

    def start(
        url: str, *, width: int = DESK["width"], height: int = DESK["height"], dark: bool = False, **options
    ):
        origin = "/".join(url.split("/")[:3])
        size = {"width": width, "height": height}
        if desk_is_free and size == DESK and not dark and not options:
            page = desk_is_free.pop()
            heard_on_desk.extend(watch(page, origin))
        else:
            context = new_context(browser, viewport=size, **options)
            contexts.append(context)
            if dark:
                context.add_init_script("localStorage.setItem(':solara:theme.variant', '\"dark\"')")
            page = context.new_page()
            watch(page, origin)
        page.goto(url)
        return page

    yield start
    for context in contexts:
        context.close()
    if not desk_is_free:
        desk.set_viewport_size(DESK)
        desk.goto("about:blank")
        desk.unroute_all()
        for event, heard in heard_on_desk:
            desk.remove_listener(event, heard)
    assert not wrong, "\n".join(wrong)
