// Forms: the server's words, not the browser's, say what is wrong; what was typed outlives the session.
import { sayTemplate } from "./notices.js";
import { unlessUnsent } from "./unsent.js";

function cookie(name) {
  return document.cookie.split("; ").find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1);
}

function prepare(part) {
  part.querySelectorAll("form[method='post']").forEach((form) => (form.noValidate = true));
}

// Signing in again on another tab changes the token; the cookie always has the one that counts.
document.body.addEventListener("htmx:configRequest", (event) => {
  const token = cookie("csrftoken");
  if (!token) return;
  event.detail.headers["X-CSRFToken"] = token;
  if (event.detail.parameters.has("csrfmiddlewaretoken")) event.detail.parameters.set("csrfmiddlewaretoken", token);
});
// The address of a search holds only what is filled in.
document.addEventListener("formdata", (event) => {
  if (event.target.method !== "get") return;
  const empty = [...event.formData].filter(([, value]) => value === "");
  for (const [name] of empty) event.formData.delete(name);
});
document.body.addEventListener("htmx:load", (event) => prepare(event.detail.elt));

// What was sent after the session had ended stands above the page as it was sent (_components/kept.html). Where the page
// has a form with a place for all of it, it is filled in there, with the marks of what that form had shown: whatever
// another has saved meanwhile is then not overwritten. What finds no place stays, to be read and sent again.
function address(form) {
  const { pathname, search } = new URL(form.getAttribute("action") ?? "", location);
  return pathname + search;
}

function isTicked(field) {
  return field.type === "checkbox" || field.type === "radio";
}

function holds(form, name, values) {
  const fields = [...form.elements].filter((field) => field.name === name && !field.disabled);
  if (!fields.length || fields[0].tagName === "BUTTON") return fields.length > 0;
  if (name.endsWith("_FORMS")) return fields[0].value === values[0]; // as many rows as there were
  if (isTicked(fields[0])) return values.every((value) => fields.some((field) => field.value === value));
  if (fields[0].tagName === "SELECT") return values.every((value) => [...fields[0].options].some((option) => option.value === value));
  return fields.length >= values.length;
}

function fill(form, typed) {
  const left = new Map([...typed].map(([name, values]) => [name, [...values]]));
  for (const field of form.elements) {
    const values = typed.get(field.name) ?? [];
    if (isTicked(field)) field.checked = values.includes(field.value);
    else if (field.type === "select-multiple") for (const option of field.options) option.selected = values.includes(option.value);
    else if (left.get(field.name)?.length && !["BUTTON", "FIELDSET"].includes(field.tagName) && field.type !== "file") {
      field.value = left.get(field.name).shift();
      if (field.type !== "hidden" && field.value) field.closest("details")?.setAttribute("open", "");
    }
  }
  form.dataset.unsent = "";
}

const kept = document.getElementById("kept");
const filled = new Set();
for (const copy of kept?.querySelectorAll("form") ?? []) {
  const typed = new Map();
  for (const { name, value } of copy.querySelectorAll("input:not([name='csrfmiddlewaretoken'], [name='whose'])")) typed.set(name, [...(typed.get(name) ?? []), value]);
  const fits = (form) => !filled.has(form) && address(form) === address(copy) && [...typed].every(([name, values]) => holds(form, name, values));
  const form = [...document.querySelectorAll("#main form[method='post']")].find(fits);
  if (!form) continue;
  fill(form, typed);
  filled.add(form);
  copy.closest(".unsent").remove();
}
if (filled.size) sayTemplate("notice-restored");
if (kept && !kept.querySelector("form")) kept.remove();

// Beside a copy the page's own form of that address would look like the one to send, and it is empty: it stands aside.
function standAside() {
  const copies = kept?.isConnected ? [...kept.querySelectorAll("form")] : [];
  for (const form of document.querySelectorAll("#main form[method='post']")) {
    const same = copies.filter((copy) => address(copy) === address(form));
    if (same.length && !("unsent" in form.dataset)) form.dataset.stoodAside = "";
    if ("stoodAside" in form.dataset) form.hidden = same.length > 0;
    if (form.hidden) for (const copy of same) copy.querySelector("[data-aside]").hidden = false;
  }
}

kept?.addEventListener("click", (event) => {
  if (!event.target.closest("[data-discard]")) return;
  const copy = event.target.closest(".unsent");
  unlessUnsent(copy, () => {
    copy.remove();
    if (!kept.querySelector("form")) kept.remove();
    standAside();
    const place = kept.isConnected ? kept : document.getElementById("main");
    place.focus();
  });
});
if (kept?.isConnected) {
  kept.querySelectorAll("[data-discard]").forEach((button) => (button.hidden = false));
  document.body.addEventListener("htmx:load", standAside);
  standAside();
  kept.focus();
}
prepare(document);
