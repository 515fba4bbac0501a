"""A page as its reader sees it: by landmark, role and accessible name; and what every page of ours must be."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TypeAlias

Value: TypeAlias = str | list[str]
VOID = {"br", "hr", "img", "input", "link", "meta"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Element | str"] = field(default_factory=list)

    @property
    def text(self) -> str:
        texts = (child if isinstance(child, str) else child.text for child in self.children)
        return " ".join(" ".join(texts).split())

    def all(self, tag: str | None = None, **attributes: str) -> Iterator["Element"]:
        for child in self.children:
            if isinstance(child, Element):
                if tag in (None, child.tag) and attributes.items() <= child.attributes.items():
                    yield child
                yield from child.all(tag, **attributes)


class _Tree(HTMLParser):
    """Fails where a browser would have to guess."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.root = Element("")
        self.open = [self.root]
        self.feed(html)
        self.close()
        assert self.open == [self.root], f"<{self.open[-1].tag}> is never closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(attrs) == len(dict(attrs)), f"<{tag}> has an attribute twice"
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


class Page:
    def __init__(self, html: str) -> None:
        self.root = _Tree(html).root
        self.title = self._texts("title")[0]
        self.heading = self._texts("h1")[0]
        self.text = next(self.root.all("main")).text
        self.links = {link.text: link.attributes["href"] for link in self.root.all("a")}
        self.buttons = self._texts("button")
        self.navigation = [link.text for nav in self.root.all("nav", **{"aria-label": "Main"}) for link in nav.all("a")]
        self.statuses = [element.text for element in self.root.all(role="status")]
        self.alerts = [element.text for element in self.root.all(role="alert")]
        self.labels = {label.text: label.attributes["for"] for label in self.root.all("label")}

    def _texts(self, tag: str) -> list[str]:
        return [element.text for element in self.root.all(tag)]

    def by_id(self, id_: str) -> Element:
        return next(self.root.all(id=id_))

    def field(self, label: str) -> Element:
        return self.by_id(self.labels[label])

    def value(self, label: str) -> Value:
        return _value(self.field(label)) or ""

    def message(self, label: str) -> str:
        """What is tied to an invalid field."""
        control = self.field(label)
        assert control.attributes["aria-invalid"] == "true"
        return " ".join(self.by_id(id_).text for id_ in control.attributes["aria-describedby"].split())

    def form(self, button: str) -> Element:
        return next(form for form in self.root.all("form") if any(each.text == button for each in form.all("button")))

    def entries(self, button: str) -> dict[str, Value]:
        """What a browser would send of the form with this button, as it stands."""
        controls = [control for tag in ("input", "select", "textarea") for control in self.form(button).all(tag)]
        values = {control.attributes["name"]: _value(control) for control in controls}
        return {name: value for name, value in values.items() if value is not None}


def _value(control: Element) -> Value | None:
    if control.tag == "textarea":
        return "".join(child for child in control.children if isinstance(child, str)).strip()
    if control.tag == "select":
        options = list(control.all("option"))
        chosen = [option.attributes["value"] for option in options if "selected" in option.attributes]
        if "multiple" in control.attributes:
            return chosen
        return chosen[0] if chosen else options[0].attributes["value"]
    if control.attributes["type"] == "checkbox" and "checked" not in control.attributes:
        return None
    return control.attributes.get("value", "")


def is_sound(page: Page) -> None:
    """What every page owes its reader, whatever it shows."""
    assert len(list(page.root.all("h1"))) == 1
    assert page.title.startswith(page.heading)
    assert [next(page.root.all("html")).attributes["lang"], len(list(page.root.all("main")))] == ["en", 1]
    ids = [element.attributes["id"] for element in page.root.all() if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    assert page.links["Skip to content"].lstrip("#") in ids
    for control in (control for tag in ("input", "select", "textarea") for control in page.root.all(tag)):
        assert control.attributes.get("type") == "hidden" or control.attributes["id"] in page.labels.values()
        assert set(control.attributes.get("aria-describedby", "").split()) <= set(ids)
    for element in page.root.all():
        assert element.tag not in ("script", "style")
        assert not any(name == "style" or name.startswith("on") for name in element.attributes)
    for form in page.root.all("form", method="post"):
        assert len(list(form.all("input", name="csrf_token"))) == 1
