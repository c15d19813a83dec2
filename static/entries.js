// A cell of the picture opens what it is made of, without leaving or scrolling the page. Without this module the
// cell is a link to the same entries.

const dialog = document.getElementById("entries");

document.addEventListener("click", event => {
  const link = event.target.closest("[data-entries]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const asked = new URL(link.href).searchParams, lines = entries(asked.get("agency"), asked.get("domain"));
  event.preventDefault();
  dialog.querySelector("h2").textContent = link.querySelector(".words").textContent.split(":")[0];
  dialog.querySelector(".lines").replaceChildren(...lines.map(copy));
  dialog.querySelector(".earlier").hidden = lines.length > 0;
  dialog.querySelector(".earlier a").href = `${dialog.dataset.family}${new URL(link.href).search}#lines`;
  dialog.showModal();
});

function entries(agency, domain) {
  const voice = domain === "voice" ? "[data-voice]" : `[data-domain="${CSS.escape(domain)}"]`;
  return [...document.querySelectorAll(`#lines > .line-told[data-agency="${CSS.escape(agency)}"]${voice}`)];
}

function copy(line) {
  const twin = line.cloneNode(true);
  for (const node of [twin, ...twin.querySelectorAll("[id]")]) node.removeAttribute("id");
  for (const node of twin.querySelectorAll("[aria-labelledby], [aria-describedby]")) {
    node.removeAttribute("aria-labelledby");
    node.removeAttribute("aria-describedby");
  }
  return twin;
}
