// Ctrl K and / go to the search; j and k walk the rows of [data-rows], Enter follows the row's link.
// Single keys can be turned off on the account page (WCAG 2.1.4).
const search = document.getElementById("search");

function typing(element) {
  return element.matches("input, textarea, select, [contenteditable]");
}

function step(by) {
  const links = [...document.querySelectorAll("[data-rows] > *")].map((row) => row.querySelector("a")).filter(Boolean);
  if (!links.length) return false;
  const row = document.activeElement.closest("[data-rows] > *");
  const at = links.findIndex((link) => row?.contains(link));
  const next = at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + by, 0), links.length - 1);
  links[next].focus();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (document.querySelector("dialog[open]")) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && search) {
    event.preventDefault();
    search.select();
    return;
  }
  const single = "shortcuts" in document.body.dataset && !event.ctrlKey && !event.metaKey && !event.altKey;
  if (!single || typing(event.target)) return;
  if (event.key === "/" && search) {
    event.preventDefault();
    search.select();
  } else if ((event.key === "j" && step(1)) || (event.key === "k" && step(-1))) {
    event.preventDefault();
  }
});
