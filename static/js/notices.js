// What was done, or what went wrong on the way, in the live region. The sentences stand in the page, translated.
// While the dialog is open all else is inert, so what went wrong is said inside it; what was done waits until it closes.
const region = document.getElementById("notices");
const dialog = document.getElementById("dialog");
const dialogRegion = document.getElementById("dialog-notices");

function say(content, tone = "") {
  const notice = document.getElementById("notice").content.cloneNode(true).firstElementChild;
  if (tone) notice.classList.add(tone);
  notice.querySelector("p").replaceWith(content);
  (dialog.open ? dialogRegion : region).replaceChildren(notice);
}

// `offer` is the text of a link beside it that opens a dialog at `url`.
export function sayText({ text, offer, url }) {
  const paragraph = document.createElement("p");
  paragraph.textContent = text;
  if (offer) {
    const link = document.createElement("a");
    Object.assign(link, { href: url, textContent: offer });
    link.dataset.dialog = "";
    paragraph.append(" ", link);
  }
  say(paragraph);
}

export function sayTemplate(id, tone = "") {
  say(document.getElementById(id).content.cloneNode(true).firstElementChild, tone);
}

document.addEventListener("click", (event) => {
  if (event.target.closest(".notice button")) event.target.closest(".notice").remove();
});
// It stays until it is read: another takes its place, a dialog that opens ends it, and its own button does.
new MutationObserver(() => {
  if (dialog.open) region.replaceChildren();
}).observe(dialog, { attributeFilter: ["open"] });
dialog.addEventListener("close", () => dialogRegion.replaceChildren());

document.body.addEventListener("notice", (event) => {
  if (dialog.open) dialog.addEventListener("close", () => sayText(event.detail), { once: true });
  else sayText(event.detail);
});
document.body.addEventListener("htmx:sendError", () => sayTemplate("notice-lost", "error"));
document.body.addEventListener("htmx:timeout", () => sayTemplate("notice-lost", "error"));
document.body.addEventListener("htmx:responseError", (event) => {
  const status = event.detail.xhr.status;
  const refused = { 401: "notice-signed-out", 403: "notice-refused", 404: "notice-refused" };
  const away = { 502: "notice-away", 503: "notice-away", 504: "notice-away" };
  sayTemplate(refused[status] ?? away[status] ?? "notice-failed", "error");
});

// Waiting lasts as long as a request does, however it ends: what asked may be gone from the page by then, and htmx's own
// events with it.
const waiting = new Set();
document.body.addEventListener("htmx:beforeSend", ({ detail: { xhr } }) => {
  waiting.add(xhr);
  document.body.classList.add("busy");
  xhr.addEventListener("loadend", () => {
    waiting.delete(xhr);
    document.body.classList.toggle("busy", waiting.size > 0);
  });
});
