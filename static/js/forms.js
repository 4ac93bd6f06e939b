// Forms: the server's words, not the browser's, say what is wrong; what was typed outlives the session.
import { sayTemplate } from "./notices.js";

const KEEP = "asetu-typed";

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

// A page that is sent after the session has ended lands on the sign-in; the page comes back with what was typed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.closest("dialog")) return;
  const typed = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken");
  const secret = form.querySelector("input[type='password']");
  if (!secret) sessionStorage.setItem(KEEP, JSON.stringify({ path: location.pathname, user: document.body.dataset.user, typed }));
});

function restore(kept) {
  const fields = new Map();
  for (const [name, value] of kept.typed) fields.set(name, [...(fields.get(name) ?? []), value]);
  for (const [name, values] of fields) {
    for (const field of document.querySelectorAll(`#main form[method='post'] [name="${CSS.escape(name)}"]`)) {
      if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
      else if (field.type !== "hidden" && field.tagName !== "BUTTON") field.value = values[0];
    }
  }
  sayTemplate("notice-restored");
}

const kept = JSON.parse(sessionStorage.getItem(KEEP) ?? "null");
sessionStorage.removeItem(KEEP);
if (kept?.signedOut && kept.path === location.pathname && kept.user === document.body.dataset.user) restore(kept);
prepare(document);
