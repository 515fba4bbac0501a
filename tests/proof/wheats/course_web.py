"""The web UI as the course text describes it, and no more: Flask, a list, and a form."""

import sys

import requests
from flask import Flask, redirect, render_template_string, request
from werkzeug.wrappers import Response

API = "http://127.0.0.1:8000"
app = Flask(__name__)

HOME = """<h1>Student Enrollment</h1><a href="/students">Students</a>"""
LIST = """
<h1>Student List</h1>
<ul>
{% for student in students %}
    <li><a href="/students/{{ student.id }}">{{ student.name }}</a> - {{ student.email }}</li>
{% endfor %}
</ul>
<a href="/add">Add a student</a>
"""
ONE = """<h1>{{ student.name }}</h1><p>{{ student.email }}</p><a href="/students">Back</a>"""
FORM = """
<h1>Add a student</h1>
<p>{{ message }}</p>
<form method="post">
    <input name="name" placeholder="Name" value="{{ name }}">
    <input name="email" placeholder="Email" value="{{ email }}">
    <button>Add</button>
</form>
"""
SORRY = """<h1>Sorry</h1><p>{{ message }}</p><a href="/">Home</a>"""


@app.get("/")
def home() -> str:
    return render_template_string(HOME)


@app.get("/students")
def students() -> str:
    answer = requests.get(f"{API}/students", timeout=5)
    return render_template_string(LIST, students=answer.json()["students"])


@app.get("/students/<int:student_id>")
def student(student_id: int) -> str | tuple[str, int]:
    answer = requests.get(f"{API}/students/{student_id}", timeout=5)
    if answer.status_code == 404:
        return render_template_string(SORRY, message="There is no such student."), 404
    return render_template_string(ONE, student=answer.json())


@app.route("/add", methods=["GET", "POST"])
def add() -> str | Response:
    name, email = request.form.get("name", "").strip(), request.form.get("email", "").strip()
    if request.method == "GET":
        return render_template_string(FORM, message="", name="", email="")
    if not name or "@" not in email:
        return render_template_string(FORM, message="A name and an email are needed.", name=name, email=email)
    requests.post(f"{API}/students", json={"name": name, "email": email}, timeout=5).raise_for_status()
    return redirect("/students")


@app.errorhandler(requests.RequestException)
def api_is_down(_: requests.RequestException) -> tuple[str, int]:
    return render_template_string(SORRY, message="The student registry cannot be reached. Try again later."), 503


if __name__ == "__main__":
    API = sys.argv[2] if len(sys.argv) > 2 else API
    app.run(port=int(sys.argv[1]) if len(sys.argv) > 1 else 5000)
