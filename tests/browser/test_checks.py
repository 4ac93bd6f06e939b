"""The nets of checks.py catch what they are for."""

from __future__ import annotations

from tests.browser.checks import Desk, violations


def test_axe_finds_a_picture_without_a_text(desk: Desk) -> None:
    desk.page.set_content('<html lang="fi"><title>a</title><main><h1>a</h1><img src="data:,"></main>')
    assert any(fault.startswith("image-alt") for fault in violations(desk.page))


def test_what_is_too_wide_is_named(desk: Desk) -> None:
    desk.page.set_content('<p class="wide" style="width: 900px">a</p>')
    assert 'class="wide"' in desk.examine_width(320)[0]
    assert desk.examine_width(1440) == []


def test_a_request_to_elsewhere_is_stopped_and_told(desk: Desk) -> None:
    desk.open("/account/login/")
    desk.page.evaluate("fetch('https://elsewhere.example/').catch(() => null)")
    desk.page.wait_for_timeout(100)
    assert any("elsewhere.example" in complaint for complaint in desk.complaints)
    desk.complaints.clear()


def test_an_inline_script_is_against_the_policy_and_told(desk: Desk) -> None:
    desk.open("/account/login/")
    desk.page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: '1'}))")
    desk.page.wait_for_timeout(100)
    assert any("Content Security Policy" in complaint for complaint in desk.complaints)
    desk.complaints.clear()


def test_a_form_in_which_enter_would_press_another_button_is_told(desk: Desk) -> None:
    form = "<form><input name=a><button name=remove>Poista</button><button>Tallenna</button></form>"
    desk.page.set_content(f'<html lang="fi"><title>a</title><main><h1>a</h1>{form}</main>')
    assert [fault for fault in desk.examine() if fault.endswith("Enter presses «Poista»")]
