"""The web UI of the course text by a student who likes scripts: one page, which draws its list and saves its form."""

import sys

import requests
from flask import Flask, jsonify, request
from werkzeug.wrappers import Response

API = "http://127.0.0.1:8000"
app = Flask(__name__)

PAGE = """
<h1>Students</h1>
<main>Loading…</main>
<button onclick="adding.showModal()">Join</button>
<dialog id="adding">
    <form onsubmit="save(event)">
        <table><tr><td>Full name<td><input id="n"><tr><td>Mail<td><input id="m"></table>
        <button type="button" onclick="adding.close()">Cancel</button>
        <input type="button" value="Save" onclick="this.form.requestSubmit()">
    </form>
    <p id="told"></p>
</dialog>
<script>
const card = (student) => {
    const card = document.createElement("article");
    card.append(document.createElement("h2"), document.createElement("input"));
    [card.children[0].textContent, card.children[1].value] = [student.name, student.email];
    return card;
};
const draw = async () => {
    const students = await (await fetch("/list")).json();
    document.querySelector("main").replaceChildren(...students.map(card));
};
const save = async (event) => {
    event.preventDefault();
    if (!confirm(`Save ${n.value}?`)) return;
    const answer = await fetch("/save", { method: "POST", body: JSON.stringify({ name: n.value, email: m.value }) });
    told.textContent = answer.ok ? "Saved." : "A name and an email are needed.";
    draw();
};
setTimeout(draw, 300);
</script>
"""
SORRY = "<h1>Sorry</h1><p>{}</p><a href='/'>Back</a>"


@app.get("/")
def home() -> str:
    return PAGE


@app.get("/list")
def listed() -> Response:
    return jsonify(requests.get(f"{API}/students", timeout=5).json()["students"])


@app.post("/save")
def save() -> tuple[str, int]:
    new = request.get_json(force=True)
    if not new["name"].strip() or "@" not in new["email"]:
        return "", 422
    return "", requests.post(f"{API}/students", json=new, timeout=5).status_code


@app.errorhandler(404)
def missing(_: Exception) -> tuple[str, int]:
    return SORRY.format("There is no such page."), 404


@app.errorhandler(requests.RequestException)
def api_is_down(_: requests.RequestException) -> tuple[str, int]:
    return SORRY.format("The student registry cannot be reached. Try again later."), 503


if __name__ == "__main__":
    API = sys.argv[2]
    app.run(port=int(sys.argv[1]))
