"""What every page must stand: no violation of WCAG 2.2 AA, no scrolling sideways, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, Route

from crm.models import User
from tests.factories import PASSWORD

WCAG = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
}
WIDTHS = (320, 1440)
BETWEEN = 768  # between a phone and a wide screen: looked at for its width alone
SCHEMES = ("light", "dark")
# How far the page could be scrolled sideways, in pixels, and what reaches out furthest.
SIDEWAYS = """() => {
  const root = document.documentElement;
  const over = root.scrollWidth - root.clientWidth;
  if (over <= 0) return "";
  const widest = [...document.body.querySelectorAll("*")]
    .map((node) => [node.getBoundingClientRect().right, node])
    .sort((a, b) => b[0] - a[0])[0];
  return `${over} px, by <${widest[1].tagName.toLowerCase()} class="${widest[1].className}">`;
}"""

# Enter in a field presses the first submit button of the form; that one may not be for something else than its sending.
ENTER = """() => [...document.forms]
  .filter((form) => form.querySelector("input:not([type=hidden], [type=checkbox], [type=radio], [type=submit])"))
  .map((form) => [...form.elements].filter((field) => field.type === "submit"))
  .filter((buttons) => buttons.length > 1 && (buttons[0].name || buttons[0].hasAttribute("formaction")))
  .map((buttons) => buttons[0].textContent.trim())"""


class Desk:
    """A browser before one server. `complaints` gathers what no page may do."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self.complaints: list[str] = []
        page.context.route("**/*", self._let_through)
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))

    def _let_through(self, route: Route) -> None:
        address = route.request.url
        if address.startswith((f"{self.url}/", "data:", "blob:")):
            route.continue_()
        else:
            self.complaints.append(f"{self.page.url}: asks {address}")
            route.abort()

    def _listen(self, message: ConsoleMessage) -> None:
        # A violation of the content security policy is said here too. An answer of 4xx that a test provokes is not
        # a fault of the page; it sees that for itself.
        provoked = ("responded with a status of 4", "Response Status Error Code 4")  # the browser's words and htmx's
        if message.type in {"error", "warning"} and not any(words in message.text for words in provoked):
            self.complaints.append(f"{self.page.url}: {message.text}")

    def open(self, path: str) -> Page:
        self.page.goto(self.url + path)
        return self.page

    def sign_in(self, user: User, password: str = PASSWORD) -> Page:
        """Through the sign-in page, as a person does."""
        page = self.open("/account/login/")
        page.locator("input[name=login]").fill(user.email)
        page.locator("input[name=password]").fill(password)
        page.locator("main form button[type=submit]").click()
        page.wait_for_url(lambda url: "/account/login/" not in url)
        return page

    def choose_language(self, code: str) -> None:
        self.page.context.add_cookies([{"name": "asetu_language", "value": code, "url": self.url}])

    def examine_width(self, width: int = WIDTHS[0]) -> list[str]:
        """How far the page scrolls sideways at this width, if it does."""
        self.page.set_viewport_size({"width": width, "height": 900})
        sideways = self.page.evaluate(SIDEWAYS)
        return [f"{self.page.url} at {width}: scrolls sideways, {sideways}"] if sideways else []

    def examine(self, schemes: Sequence[str] = SCHEMES) -> list[str]:
        """What is wrong with the page now open, in these colour schemes, on a phone and on a wide screen."""
        page, found = self.page, self.examine_width(BETWEEN)
        found += [f"{page.url}: Enter presses «{button}»" for button in page.evaluate(ENTER)]
        for width in WIDTHS:
            found += self.examine_width(width)
            for scheme in schemes:
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                found += [f"{page.url} at {width}, {scheme}: {fault}" for fault in violations(page)]
        return found


def violations(page: Page) -> list[str]:
    """Each violation that axe finds on the page: its rule, and where."""
    found = Axe().run(page, options=WCAG).response["violations"]
    return [
        f"{violation['id']} ({node['target']}): {node['failureSummary']}"
        for violation in found
        for node in violation["nodes"]
    ]
