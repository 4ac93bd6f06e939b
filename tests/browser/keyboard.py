"""A person at the desk without a mouse: Tab, Enter, Space, arrows and letters, and nothing else."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from crm.models import User
from tests.factories import PASSWORD

FURTHEST = 150  # presses of Tab; no page has more stops on the way to what it is for
HAS_FOCUS = "node => node === document.activeElement"
# Whether the focus is drawn, on the element or on the label that stands for it, within the window.
IS_SEEN = """node => {
  const drawn = [node, node.closest("label")].find((part) => part && getComputedStyle(part).outlineStyle !== "none");
  if (!node.matches(":focus-visible") || !drawn) return false;
  const { top, bottom, left, right } = drawn.getBoundingClientRect();
  return bottom > 0 && right > 0 && top < innerHeight && left < innerWidth && bottom > top && right > left;
}"""
CHOSEN = "select => select.selectedOptions[0].label"


def tab_to(page: Page, target: Locator) -> None:
    """Tab until `target` has the focus, which must then be seen."""
    expect(target).to_be_attached()
    node = target.element_handle()  # found once: finding it by its role takes longer than the key
    for _ in range(FURTHEST):
        if node.evaluate(HAS_FOCUS):
            break
        page.keyboard.press("Tab")
    assert node.evaluate(HAS_FOCUS), f"{page.url}: Tab does not reach {target}"
    assert node.evaluate(IS_SEEN), f"{page.url}: the focus is not seen on {target}"


def press(page: Page, target: Locator) -> None:
    """A link or a button."""
    tab_to(page, target)
    page.keyboard.press("Enter")


def write(page: Page, target: Locator, text: str) -> None:
    """Into a field, in place of what it holds."""
    tab_to(page, target)
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def choose(page: Page, select: Locator, label: str) -> None:
    """The option that begins with `label`, by the arrow keys from the first on."""
    tab_to(page, select)
    page.keyboard.press("Home")
    for _ in range(select.locator("option").count()):
        if select.evaluate(CHOSEN).startswith(label):
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{page.url}: no option {label} in {select}")


def tick(page: Page, box: Locator) -> None:
    """A checkbox, where it is not ticked yet."""
    tab_to(page, box)
    if not box.is_checked():
        page.keyboard.press("Space")
    expect(box).to_be_checked()


def open_dialog(page: Page, link: Locator) -> Locator:
    press(page, link)
    dialog = page.locator("#dialog")
    expect(dialog).to_be_visible()
    return dialog


def save_dialog(page: Page) -> None:
    """By the button that is its main one; what changed is then on the page behind."""
    press(page, page.locator("#dialog .dialog-foot button.primary"))
    expect(page.locator("#dialog")).to_be_hidden()


def sign_in(page: Page, user: User) -> None:
    write(page, page.locator("input[name=login]"), user.email)
    write(page, page.locator("input[name=password]"), PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/account/" not in url)


def sign_out(page: Page) -> None:
    press(page, page.get_by_role("button", name="Oma valikko"))
    press(page, page.get_by_role("button", name="Kirjaudu ulos"))
    page.wait_for_url("**/account/login/**")


def follow(page: Page, entry: str) -> None:
    """An entry of the side menu."""
    press(page, page.locator("#side").get_by_role("link", name=entry))
    expect(page.locator("#side [aria-current=page]")).to_contain_text(entry)
