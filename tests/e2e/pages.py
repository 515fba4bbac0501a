"""Every page, by the role that it is shown to."""

REGISTRAR = (
    "/",
    "/account",
    "/students",
    "/students/new",
    "/students/{student}",
    "/students/{student}/edit",
    "/students/{student}/delete",
    "/users",
    "/users/new",
    "/users/{user}",
    "/users/{user}/edit",
)
INSTRUCTOR = ("/", "/account", "/students", "/students/{student}")
STUDENT = ("/", "/account", "/students/{own}")

SHOWN = [
    ("nobody", "/login"),
    *(("registrar", path) for path in REGISTRAR),
    *(("instructor", path) for path in INSTRUCTOR),
    *(("student", path) for path in STUDENT),
]
FORBIDDEN = [
    *(("instructor", path) for path in REGISTRAR if path not in INSTRUCTOR),
    *(("student", path) for path in REGISTRAR if path not in STUDENT),
    ("student", "/students/{own}/edit"),
    ("student", "/students/{own}/delete"),
    ("student", "/students/{nobody}"),
]
MISSING = [
    ("registrar", "/students/{nobody}"),
    ("registrar", "/students/{nobody}/edit"),
    ("registrar", "/students/{nobody}/delete"),
    ("registrar", "/users/{nobody}"),
    ("registrar", "/users/{nobody}/edit"),
    ("registrar", "/no/such/page"),
    ("instructor", "/students/{nobody}"),
    ("student", "/no/such/page"),
]
