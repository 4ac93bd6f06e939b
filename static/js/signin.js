// On the sign-in page: what was being typed when the session ended waits for the person to come back (forms.js).
const KEEP = "asetu-typed";
const kept = JSON.parse(sessionStorage.getItem(KEEP) ?? "null");
if (kept) sessionStorage.setItem(KEEP, JSON.stringify({ ...kept, signedOut: true }));
