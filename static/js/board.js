// A card of the board dragged onto another column opens the step that leads there; what the step asks stays the same as
// from the keyboard, by the card's own link.
import { open } from "./dialog.js";
import { sayText } from "./notices.js";

let card = null;

// By the state of a column the step that leads there from the card's own.
function ways() {
  const steps = card.closest("[data-steps]").dataset.steps.split(" ").filter(Boolean);
  return Object.fromEntries(steps.map((step) => step.split(":")));
}

function column(event) {
  return card && event.target.closest("[data-board] [data-state]");
}

document.addEventListener("dragstart", (event) => {
  card = event.target.closest?.("[data-board] [data-case]") ?? null;
  if (!card) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", card.querySelector("a").textContent);
  card.classList.add("dragged");
  for (const state of Object.keys(ways())) document.getElementById(`column-${state}`)?.classList.add("can-take");
});

document.addEventListener("dragover", (event) => {
  const over = column(event);
  document.querySelectorAll(".column.takes").forEach((other) => other.classList.toggle("takes", other === over));
  if (!over || over === card.closest("[data-state]")) return;
  event.preventDefault();
  if (over.dataset.state in ways()) over.classList.add("takes");
});

document.addEventListener("drop", (event) => {
  const over = column(event);
  if (!over || over === card.closest("[data-state]")) return;
  event.preventDefault();
  const step = ways()[over.dataset.state];
  if (step) open(card.querySelector("a[data-dialog]"), `${card.dataset.case}${step}/?${card.dataset.next}&target=${over.dataset.state}`);
  else sayText({ text: over.closest("[data-board]").dataset.impossible });
});

document.addEventListener("dragend", () => {
  document.querySelectorAll(".can-take, .takes, .dragged").forEach((each) => each.classList.remove("can-take", "takes", "dragged"));
  card = null;
});
