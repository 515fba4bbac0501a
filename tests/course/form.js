// The form that adds a student: its field for a name, its field for an email, and what sends it; null if none is seen.
() => {
  const NAME = /name/i, EMAIL = /mail/i, SEARCH = /search|find|filter/i, AWAY = /cancel|back|clear|reset|close|log ?out/i;
  const TYPED = "textarea, input:not([type=hidden], [type=submit], [type=button], [type=reset], [type=image], " +
    "[type=checkbox], [type=radio], [type=file], [type=range], [type=color])";
  const SENDS = "button, [type=submit], [type=image], [type=button], [role=button], a[onclick]";
  const seen = (each) => each.getClientRects().length && each.checkVisibility({ visibilityProperty: true });
  const besides = (each) => [each.closest("td")?.previousElementSibling, each.previousElementSibling, each.previousSibling];
  const attributes = (each) => [each.ariaLabel, each.placeholder, each.name, each.id, each.type, each.autocomplete];
  const named = (each) => [...(each.labels ?? [])].map((label) => label.textContent).concat(attributes(each)).join(" ");
  const called = (each, what) =>
    what.test(named(each)) || (!each.labels?.length && besides(each).some((other) => what.test(other?.textContent ?? "")));
  const words = (each) => `${each.textContent} ${each.value ?? ""} ${each.ariaLabel ?? ""}`;

  const groups = [...document.forms].map((form) => [form, [...form.elements], [...form.querySelectorAll(SENDS)]]);
  const loose = (selector) => [...document.querySelectorAll(selector)].filter((each) => !each.form && !each.closest("form"));
  groups.push([null, loose(TYPED), loose(SENDS)]); // where a script sends what no form holds

  for (const [form, controls, inside] of groups) {
    const fields = controls.filter((each) => each.matches(TYPED) && seen(each) && !each.readOnly && !each.disabled);
    const email = fields.find((each) => each.type === "email") ?? fields.find((each) => called(each, EMAIL));
    const name = fields.find((each) => each !== email && called(each, NAME) && !EMAIL.test(named(each)));
    const senders = [...new Set([...controls, ...inside])].filter((each) => each.matches(SENDS) && !AWAY.test(words(each)));
    const send = senders.find((each) => ["submit", "image"].includes(each.type)) ?? senders[0];
    const searches = form?.role === "search" || form?.closest("search, [role=search]") || (send && SEARCH.test(words(send)));
    const secret = controls.some((each) => each.type === "password");
    if (name && email && send && !name.value && !searches && !secret) return [name, email, send];
  }
  return null;
}
