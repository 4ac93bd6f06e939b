// After a change the focus is where the person would look: on the errors, or on what was asked to take it.
const dialog = document.getElementById("dialog");

function look(part) {
  const errors = part.querySelector("[data-errors]");
  if (errors) errors.focus();
  return Boolean(errors);
}

document.body.addEventListener("htmx:afterSettle", (event) => {
  const target = event.detail.target;
  if (target.id === "dialog-body") return; // dialog.js
  if (target.id !== "main") {
    look(event.detail.elt);
    return;
  }
  if (dialog.open) dialog.close();
  const main = document.getElementById("main");
  if (look(main)) return;
  const place = main.querySelector("[data-focus]") ?? main.querySelector("h1");
  if (!place) return;
  if (!place.matches("a, button, input, select, textarea, [tabindex]")) place.tabIndex = -1;
  place.focus();
});

look(document);
