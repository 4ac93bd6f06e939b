// After a change the focus is where the person would look: on the errors, or on what was asked to take it.
import { comeBack } from "./place.js";

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
  if (event.target.id !== "main") return; // told of each element that came, the counts of the sidebar too
  if (dialog.open) dialog.close();
  const main = document.getElementById("main");
  if (look(main)) return;
  const back = comeBack();
  const place = main.querySelector("[data-focus]") ?? back ?? main.querySelector("h1");
  if (!place) return;
  if (!place.matches("a, button, input, select, textarea, [tabindex]")) place.tabIndex = -1;
  place.focus({ preventScroll: place === back });
});

look(document);
