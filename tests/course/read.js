// All that is to be read on the page, in its fields too, but for what somebody searches.
() => {
  const SEARCH = /search|find|filter|^q$/i;
  const searches = (each) => [each.type, each.name, each.id, each.placeholder, each.ariaLabel].some((word) => SEARCH.test(word ?? ""));
  document.querySelectorAll("details").forEach((each) => { each.open = true; });
  const fields = [...document.querySelectorAll("input:not([type=hidden], [type=password]), textarea")];
  const values = fields.filter((each) => !searches(each) && !each.closest("search, [role=search]")).map((each) => each.value);
  return [document.body.innerText, ...values].join("\n");
}
