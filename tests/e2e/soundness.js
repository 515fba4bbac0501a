// What every page owes its reader, whatever it shows. Playwright runs this in each page; the watch hears the console.
document.addEventListener("DOMContentLoaded", () => {
  if (!location.protocol.startsWith("http")) return;
  const demand = (holds, promise) => holds || console.error(`${location.pathname} does not keep the promise that ${promise}`);
  const text = (string) => string.replace(/\s+/g, " ").trim();
  const headings = [...document.querySelectorAll("h1")];
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  const fields = [...document.querySelectorAll("input:not([type=hidden]), select, textarea")];
  const labelled = (field) => field.labels.length || field.ariaLabel || field.hasAttribute("aria-labelledby");
  const described = (field) => (field.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean);

  demand(headings.length === 1, `it has one h1, not ${headings.length}`);
  demand(headings.every((h1) => text(document.title).startsWith(text(h1.textContent))), "its title starts with its h1");
  demand(document.documentElement.lang, "it names its language");
  demand(new Set(ids).size === ids.length, `no id is there twice: ${ids}`);
  for (const field of fields) {
    demand(labelled(field), `the field ${field.name} has a label`);
    demand(described(field).every((id) => ids.includes(id)), `what describes the field ${field.name} is there`);
  }
});
