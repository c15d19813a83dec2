// What every signed-in page does: moments in words, one submit for a double click, the warning before sign-out.
import "./time.js";
import { watch } from "./idle.js";
import "./cover.js";
import "./palette.js";
import "./drafts.js";

const ONCE_FOR = 2000;

document.addEventListener("submit", event => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, ONCE_FOR);
});

// A page out of the browser's memory shows what somebody was at before they signed out.
addEventListener("pageshow", event => {
  if (!event.persisted) return;
  document.documentElement.dataset.covered = "";
  location.reload();
});

watch();
