// What was typed and not sent is not lost unasked: leaving the page asks the browser's own question, closing the
// dialog asks ours (_components/unsent.html). A form that is sent by GET only searches, and has nothing to lose.
const question = document.getElementById("unsent");
const sent = new WeakSet();
let discard = () => {};

function changed(field) {
  if (field.type === "hidden") return false;
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.type === "file") return field.files.length > 0;
  if (field.type === "select-one") return field.selectedIndex !== Math.max([...field.options].findLastIndex((option) => option.defaultSelected), 0);
  if (field.type === "select-multiple") return [...field.options].some((option) => option.selected !== option.defaultSelected);
  return field.value !== field.defaultValue;
}

// data-unsent: the server has put what was typed back into the form, with what is wrong with it.
function hasUnsent(form) {
  if (sent.has(form) || !form.querySelector("[type='submit']")) return false;
  return "unsent" in form.dataset || [...form.elements].filter((field) => field.matches("input, select, textarea")).some(changed);
}

function unsentIn(part) {
  return [...part.querySelectorAll("form[method='post']")].filter(hasUnsent);
}

// Do `act`, which loses what is typed in `part`; where there is something to lose, only when the person says so.
export function unlessUnsent(part, act) {
  const forms = unsentIn(part);
  if (!forms.length) {
    act();
    return;
  }
  if (question.open) return;
  discard = () => {
    forms.forEach((form) => {
      delete form.dataset.unsent;
      form.reset();
    });
    act();
  };
  question.returnValue = "";
  question.showModal();
}

question.addEventListener("close", () => {
  if (question.returnValue === "discard") discard();
});

window.addEventListener("beforeunload", (event) => {
  if (unsentIn(document.body).length) event.preventDefault();
});

// A form counts as sent while its answer is on the way, and again as unsent where none came or one types on.
document.addEventListener("submit", (event) => sent.add(event.target));
document.addEventListener("input", (event) => sent.delete(event.target.form));
document.body.addEventListener("htmx:afterRequest", (event) => {
  if (!event.detail.successful) sent.delete(event.detail.elt);
});
