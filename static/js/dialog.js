// A link with data-dialog opens its page's fragment in the one dialog. The form in it is sent by htmx:
// 422 puts the fragment back with its errors; done (204) fetches the page behind anew and closes.
import { unlessUnsent } from "./unsent.js";

const dialog = document.getElementById("dialog");
const body = document.getElementById("dialog-body");
const question = document.getElementById("unsent");
let opener = null;

export const openedFrom = () => opener;

function close() {
  unlessUnsent(dialog, () => dialog.close());
}

// The fragment at `address`; `link` takes the focus when the dialog closes.
export function open(link, address) {
  // What is sent in the dialog fetches the page behind it anew: what was begun there would be lost.
  unlessUnsent(dialog.open ? dialog : document.getElementById("main"), () => {
    if (!dialog.open) opener = link;
    htmx.ajax("GET", address, { target: "#dialog-body", swap: "innerHTML" });
  });
}

document.addEventListener("click", (event) => {
  const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  const link = event.target.closest("a[data-dialog]");
  if (link && plain) {
    event.preventDefault();
    open(link, link.href);
  } else if (plain && event.target.closest("[data-close]") && dialog.open) {
    event.preventDefault();
    close();
  }
});

// Escape as a key too: Chromium lets a dialog refuse to be cancelled only once between two other keys.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !dialog.open || question.open || event.isComposing) return;
  event.preventDefault();
  close();
});
dialog.addEventListener("cancel", (event) => {
  if (event.target !== dialog) return; // a file field is cancelled too
  event.preventDefault();
  close();
});

body.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target !== body) return;
  body.querySelectorAll("form[method='post']:not([hx-post], [data-download])").forEach((form) => {
    form.setAttribute("hx-post", form.getAttribute("action"));
    form.setAttribute("hx-target", "#dialog-body");
    form.setAttribute("hx-disinherit", "*");
    htmx.process(form);
  });
  if (!dialog.open) dialog.showModal();
  const first = body.querySelector("[data-errors], [autofocus], .dialog-main :is(input:not([type='hidden']), select, textarea)");
  (first ?? body.querySelector("h1"))?.focus();
});

// What answers with a file is sent by the browser itself, and leaves the page where it is.
body.addEventListener("submit", (event) => {
  if ("download" in event.target.dataset) setTimeout(() => dialog.close());
});

dialog.addEventListener("close", () => {
  body.replaceChildren();
  if (opener?.isConnected) opener.focus();
  opener = null;
});
