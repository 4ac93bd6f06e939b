// A change fetches the page anew: one stays where one was. Scroll, focus and what was open are kept, and «back» leads
// to the page before. The focus goes to what one used, to the same in its new form, or to the heading of its card.
import { openedFrom } from "./dialog.js";

const main = () => document.getElementById("main");
const here = () => location.pathname + location.search;
let place = null;

// What tells an element from the others of its page: its id, where it leads, or where its form is sent.
function selectorOf(element) {
  if (element.id) return `#${CSS.escape(element.id)}`;
  if (element.matches("a[href]")) return `a[href="${CSS.escape(element.getAttribute("href"))}"]`;
  const action = element.closest("form")?.getAttribute("action");
  return action ? `form[action="${CSS.escape(action)}"] button` : null;
}

function remember() {
  const used = openedFrom() ?? document.activeElement;
  const selector = main().contains(used) ? selectorOf(used) : null;
  return {
    scroll: [window.scrollX, window.scrollY],
    open: [...main().querySelectorAll("details[id][open]")].map((details) => details.id),
    selector,
    number: selector ? [...main().querySelectorAll(selector)].indexOf(used) : -1,
    heading: used.closest("#main section[aria-labelledby]")?.getAttribute("aria-labelledby"),
  };
}

document.body.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target.id !== "main") return;
  const { pathname, search } = new URL(detail.xhr.responseURL);
  place = pathname + search === here() ? remember() : null;
});

document.body.addEventListener("htmx:beforeHistoryUpdate", ({ detail }) => {
  if (detail.history.path === here()) detail.history.type = "replace";
});

// What is to take the focus on the page as it is now, scrolled to where one was; null where one came from elsewhere.
export function comeBack() {
  if (!place) return null;
  const { scroll, open, selector, number, heading } = place;
  place = null;
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  window.scrollTo(...scroll);
  const same = selector ? main().querySelectorAll(selector) : [];
  return same[number] ?? same[0] ?? document.getElementById(heading) ?? main().querySelector("h1");
}
