"""Every page that has a path of its own, by the role that it is shown to. `campus.py` says what the names stand for."""

FOR_ALL = (
    "/",
    "/account",
    "/courses",
    "/courses/{course}",
    "/terms",
    "/terms/{term}",
    "/sections",
    "/sections/{section}",
    "/sections/{other}",
)
OFFICE = (
    "/students/new",
    "/students/{student}/edit",
    "/students/{student}/delete",
    "/courses/new",
    "/courses/{course}/edit",
    "/courses/{course}/delete",
    "/terms/new",
    "/terms/{term}/edit",
    "/terms/{term}/delete",
    "/sections/new",
    "/sections/{section}/edit",
    "/sections/{section}/delete",
    "/users",
    "/users/new",
    "/users/{user}",
    "/users/{user}/edit",
)
STAFF = ("/students", "/students/{student}")
OWN = ("/schedule", "/transcript")

REGISTRAR = (*FOR_ALL, *STAFF, *OFFICE)
INSTRUCTOR = (*FOR_ALL, *STAFF)
STUDENT = (*FOR_ALL, *OWN, "/students/{own}", "/sections/{waited}")

SHOWN = [
    ("nobody", "/login"),
    *(("registrar", path) for path in REGISTRAR),
    *(("instructor", path) for path in INSTRUCTOR),
    *(("student", path) for path in STUDENT),
]
FORBIDDEN = [
    *(("registrar", path) for path in OWN),
    *(("instructor", path) for path in (*OFFICE, *OWN)),
    *(("student", path) for path in (*OFFICE, *STAFF)),
    ("student", "/students/{own}/edit"),
    ("student", "/students/{own}/delete"),
    ("student", "/students/{nobody}"),
]
KINDS = ("students", "courses", "terms", "sections", "users")
MISSING = [
    *(("registrar", f"/{kind}/{{nobody}}{page}") for kind in KINDS for page in ("", "/edit")),
    *(("registrar", f"/{kind}/{{nobody}}/delete") for kind in KINDS if kind != "users"),
    *(("instructor", f"/{kind}/{{nobody}}") for kind in KINDS if kind != "users"),
    *(("student", f"/{kind}/{{nobody}}") for kind in ("courses", "terms", "sections")),
    ("registrar", "/no/such/page"),
    ("student", "/no/such/page"),
]
