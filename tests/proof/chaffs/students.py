"""What goes wrong with students: the five operations, pages, search, versions, and what is asked at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from html import escape
from typing import Any
from unittest.mock import patch
from urllib.parse import unquote_plus, urlencode

from fastapi.routing import APIRoute
from pydantic import AfterValidator
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from api import errors, security
from api import problems as problems_of_all
from api.models import Student
from api.repositories import Rows, Work
from api.repositories import students as student_table
from api.repositories.accounts import Users
from api.repositories.constraints import REFUSALS
from api.repositories.pages import Page
from api.repositories.search import Search
from api.repositories.students import COLUMNS, STUDENTS, StudentRows, Students
from api.routers import dependencies
from api.routers import students as students_router
from api.schemas import Out, PageQuery, SearchQuery, StudentIn, StudentOut, StudentsOut, UserIn
from api.services import auth, courses, students, terms, users
from api.services.preconditions import IfMatch
from tests.proof.chaffs import chaff
from tests.proof.chaffs.planting import Told, answered, instead, look_then, unforeseen

STUDENT = "/students/[^/]+"

# the five operations


@chaff("students.created")
def created_is_200() -> None:
    """Answers 200 for a new student."""

    @answered
    def ok(told: Told) -> None:
        if told.asks("POST", "/students") and told.status == 201:
            told.status = 200


@chaff("students.created")
def nobody_is_told_where_the_new_are() -> None:
    """Answers a new student without a Location."""

    @answered
    def forget(told: Told) -> None:
        if told.asks("POST", "/students"):
            told.answered.pop("location", None)


@chaff("students.create", "course.create")
def the_new_are_not_committed() -> None:
    """Answers a new student, and forgets to commit."""

    @instead(students)
    def create(right: Any, work: Work, new: StudentIn) -> StudentOut:
        student: StudentOut = right(work, new)
        work.students.delete(work.students.lock(student.id))
        return student


@chaff("students.email-case", "students.keep-email", "students.email-taken")
def emails_keep_their_case() -> None:
    """Stores and compares the emails of students with their case."""
    email = StudentIn.model_fields["email"]
    email.metadata = [each for each in email.metadata if not isinstance(each, AfterValidator)]
    StudentIn.model_rebuild(force=True)


@chaff("students.names")
def a_name_has_two_letters() -> None:
    """Takes no name of one letter."""

    @instead(students)
    def create(right: Any, work: Work, new: StudentIn) -> Any:
        if len(new.name) < 2:
            raise errors.ValidationFailed([{"pointer": "/name", "detail": "Must have two characters"}])
        return right(work, new)


@chaff("students.names", "students.search-literal", "robustness.markup")
def names_are_stored_as_html() -> None:
    """Escapes a name for HTML before it is stored."""

    @instead(Students)
    def add(right: Any, table: Students, student: Student) -> Any:
        student.name = escape(student.name)
        return right(table, student)


@chaff("students.replace")
def a_put_answers_what_was_there() -> None:
    """Answers a PUT with the student as they were before it."""

    @instead(students)
    def replace(right: Any, work: Work, student_id: int, *rest: Any) -> StudentOut:
        before = StudentOut.model_validate(work.students.lock(student_id))
        right(work, student_id, *rest)
        return before


@chaff("students.replace", "course.update")
def a_put_stores_the_email_alone() -> None:
    """Answers a PUT as if all was stored, and forgets to store the name."""

    @instead(students)
    def replace(right: Any, work: Work, student_id: int, *rest: Any) -> Any:
        student = work.students.lock(student_id)
        name, answer = student.name, right(work, student_id, *rest)
        student.name = name
        return answer


@chaff("students.keep-email")
def ones_own_email_is_taken() -> None:
    """Looks whether any student has the email, also the one who is replaced."""

    @instead(students)
    def replace(right: Any, work: Work, student_id: int, new: StudentIn, *rest: Any) -> Any:
        if work.students.lock(student_id).email == new.email:
            raise errors.EmailTaken
        return right(work, student_id, new, *rest)


@chaff("students.email-taken")
def a_taken_email_is_500() -> None:
    """Leaves it to the database to refuse an email, and does not catch what it raises."""
    del REFUSALS["students.email"]


@chaff("students.email-taken", "access.email-taken")
def a_taken_email_is_400() -> None:
    """Answers 400 to an email that is taken."""
    errors.EmailTaken.status = 400


@chaff("students.email-of-user")
def emails_are_unique_among_all() -> None:
    """Gives no user the email of a student, not even the student's own login."""

    @instead(users)
    def create(right: Any, work: Work, new: UserIn, *rest: Any) -> Any:
        if new.student_id and work.students.lock(new.student_id).email == new.email:
            raise errors.EmailTaken
        return right(work, new, *rest)


@chaff("students.delete", "course.delete")
def a_delete_deletes_nothing() -> None:
    """Answers 204, and deletes nobody."""

    @instead(Students)
    def delete(*_: Any) -> None:
        pass


@chaff("students.delete", "course.missing")
def who_is_gone_is_deleted_again() -> None:
    """Deletes whoever has that id, and does not look whether there was one."""

    @instead(students)
    def delete(right: Any, work: Work, student_id: int, *rest: Any) -> None:
        if work.students.exists(student_id):
            right(work, student_id, *rest)


@chaff("students.delete", "course.missing")
def who_is_missing_is_replaced() -> None:
    """Updates whoever has that id, and does not look whether there was one."""

    @instead(students)
    def replace(right: Any, work: Work, student_id: int, new: StudentIn, *rest: Any) -> Any:
        if work.students.exists(student_id):
            return right(work, student_id, new, *rest)
        return StudentOut(id=student_id, **new.model_dump())


@chaff("students.delete")
def a_delete_answers_200() -> None:
    """Answers a deletion with 200 and a message."""

    @answered
    def tell(told: Told) -> None:
        if told.asks("DELETE", STUDENT) and told.status == 204:
            told.status, told.json = 200, {"message": "deleted"}


@chaff("students.ids")
def ids_are_used_again() -> None:
    """Gives a new student the highest id plus one, which may be that of somebody deleted."""

    @instead(Students)
    def add(right: Any, table: Students, student: Student) -> Any:
        student.id = (table._session.scalar(select(func.max(Student.id))) or 0) + 1  # noqa: SLF001 - no repository asks what is wrong
        return right(table, student)


@chaff("students.delete-login")
def the_login_outlives_the_student() -> None:
    """Deletes a student, and leaves their login as it is."""

    @instead(Users)
    def find_by_student(*_: Any) -> None:
        pass


# versions


@chaff("students.etag", "access.etag", "enrollment.etag")
def tags_are_weak() -> None:
    """Answers weak entity tags."""

    @instead(Out)
    def etag(right: Any, out: Out) -> str:
        return f"W/{right(out)}"


@chaff("students.etag", "access.etag", "enrollment.etag")
def the_tag_is_the_id() -> None:
    """Takes the id for the entity tag."""

    @instead(Out)
    def etag(_: Any, out: Any) -> str:
        return f'"{out.id}"'


@chaff("students.not-modified", "access.not-modified", "enrollment.not-modified")
def nobody_knows_anything_yet() -> None:
    """Ignores If-None-Match."""

    @instead(dependencies)
    def _tags(right: Any, request: Any, header: str) -> Any:
        return right(request, header) if header == "if-match" else frozenset()


@chaff("students.not-modified", "access.not-modified", "enrollment.not-modified", "students.if-match-current")
def a_list_of_tags_is_one_tag() -> None:
    """Compares all of If-Match and If-None-Match with the current tag."""

    @instead(dependencies)
    def _tags(_: Any, request: Any, header: str) -> frozenset[str]:
        return frozenset(request.headers.getlist(header))


@chaff("students.modified")
def everybody_knows_everything() -> None:
    """Answers 304 to every If-None-Match."""

    @instead(dependencies)
    def _tags(right: Any, request: Any, header: str) -> Any:
        is_asked = header == "if-none-match" and header in request.headers
        return {"*"} if is_asked else right(request, header)


@chaff(
    *("students.if-match-current", "access.if-match-untagged"),
    *("enrollment.section-untagged", "enrollment.enrollment-untagged"),
)
def a_star_is_a_tag() -> None:
    """Compares the `*` of If-Match with the current tag."""

    @instead(IfMatch)
    def require(right: Any, if_match: IfMatch, current: Any) -> None:
        right(IfMatch(if_match.tags and if_match.tags - {"*"}), current)


@chaff("students.if-match", "access.if-match", "enrollment.if-match")
def a_weak_tag_will_do() -> None:
    """Compares If-Match weakly, as If-None-Match."""

    @instead(dependencies)
    def _tags(right: Any, request: Any, header: str) -> frozenset[str]:
        return frozenset(tag.removeprefix("W/") for tag in right(request, header))


@chaff("students.if-match", "access.if-match", "enrollment.if-match")
def a_change_overwrites_what_was_not_seen() -> None:
    """Ignores If-Match where something is replaced or changed."""
    for service, name in ((students, "replace"), (terms, "replace"), (courses, "replace"), (users, "update")):
        instead(service, name)(anyhow)


@chaff("students.if-match-delete", "enrollment.if-match-delete")
def a_deletion_overlooks_what_was_not_seen() -> None:
    """Ignores If-Match where something is deleted."""
    for service in (students, terms, courses):
        instead(service, "delete")(anyhow)


@chaff("access.if-match-untagged")
def a_password_matches_any_tag() -> None:
    """Ignores If-Match where a password is changed."""
    instead(users, "change_password")(anyhow)


# pages


@chaff("students.pages")
def page_two_repeats_a_row() -> None:
    """Begins a page with the student whom the last one ended with."""

    @instead(StudentRows)
    def page(right: Any, rows: StudentRows, query: SearchQuery) -> Any:
        return right(rows, query.model_copy(update={"after": query.after and query.after - 1}))


@chaff("students.pages", "students.page-size", "students.link")
def the_list_has_no_pages() -> None:
    """Answers everybody at once, whatever `limit` is asked."""

    @instead(StudentRows)
    def page(right: Any, rows: StudentRows, query: SearchQuery) -> Any:
        return right(rows, query.model_copy(update={"limit": 10**6}))


@chaff("students.pages", "students.only-page")
def the_last_page_leads_on() -> None:
    """Answers a `next` on every page, so that the last one is followed by empty ones forever."""

    @instead(students)
    def links(right: Any, path: str, query: PageQuery, page: Page) -> Any:
        return right(path, query, page._replace(more=True))


@chaff("students.previous")
def the_way_back_starts_from_the_front() -> None:
    """Answers the first students before the cursor, not those next to it."""

    @instead(StudentRows)
    def page(right: Any, rows: StudentRows, query: SearchQuery) -> Any:
        if not query.backward:
            return right(rows, query)
        first = right(rows, query.model_copy(update={"before": None})).rows
        return Page([row for row in first if row["id"] < query.before], more=False)


@chaff("students.search-pages")
def links_forget_the_search() -> None:
    """Leaves the search out of the links between pages."""

    @instead(students)
    def links(right: Any, path: str, query: SearchQuery, page: Page) -> Any:
        return right(path, query.model_copy(update={"q": ""}), page)


@chaff("students.only-page", "students.previous")
def there_is_always_a_way_back() -> None:
    """Answers a `previous` on the first page, too."""

    @instead(students)
    def links(right: Any, path: str, query: SearchQuery, page: Page) -> dict[str, Any]:
        return {"previous": f"{path}?before=0"} | {
            way: link for way, link in right(path, query, page).items() if link or way == "next"
        }


@chaff("students.link")
def links_name_the_server() -> None:
    """Answers links with the server's address, which is another one behind a proxy."""

    @answered
    def name(told: Told) -> None:
        if told.asks("GET", "/students") and told.status == 200:
            body = told.json
            links = {way: body[way] and f"http://{told.headers['host']}{body[way]}" for way in ("next", "previous")}
            told.json = body | links


@chaff("students.link-escapes")
def links_are_put_together_by_hand() -> None:
    """Writes the search into a link as it was asked, without escapes."""

    @instead(students)
    def links(right: Any, *asked: Any) -> dict[str, Any]:
        return {way: link and unquote_plus(link) for way, link in right(*asked).items()}


@chaff("students.page-stable")
def pages_are_counted_by_offset() -> None:
    """Takes a cursor for the number of students to skip."""

    @instead(students)
    def page(right: Any, rows: Rows, query: SearchQuery) -> StudentsOut:
        everybody = right(rows, SearchQuery.model_construct(q=query.q, limit=10**6)).students
        start = (query.before if query.backward else query.after) or 0
        end = start + query.limit
        kept = {"q": query.q, "limit": query.limit}
        return StudentsOut(
            students=everybody[start:end],
            next=f"/students?{urlencode(kept | {'after': end})}" if everybody[end:] else None,
            previous=f"/students?{urlencode(kept | {'before': max(0, start - query.limit)})}" if start else None,
        )


@chaff("students.page-size")
def a_page_has_a_hundred() -> None:
    """Answers 100 students on a page unless asked."""

    @instead(students)
    def page(right: Any, rows: Rows, query: SearchQuery) -> Any:
        return right(rows, query if "limit" in query.model_fields_set else query.model_copy(update={"limit": 100}))


@chaff("access.user-pages")
def users_come_newest_first() -> None:
    """Lists the users of a page in descending id."""

    @instead(users)
    def page(right: Any, *asked: Any) -> Any:
        listed = right(*asked)
        listed.users.reverse()
        return listed


# search


@chaff("students.search")
def students_are_found_by_name_alone() -> None:
    """Searches names, and no emails."""
    student_table.SEARCH = Search(COLUMNS, [STUDENTS.c.name])


@chaff("students.search")
def students_are_found_by_how_they_begin() -> None:
    """Finds what begins with what is asked."""
    let_find(lambda q, text: text.lower().startswith(q.lower()))


@chaff("students.search-case")
def search_minds_case() -> None:
    """Compares what is asked with case."""
    let_find(lambda q, text: q in text)


@chaff("students.search-literal")
def a_percent_sign_finds_everybody() -> None:
    """Puts what is asked into LIKE as it is."""

    @instead(StudentRows)
    def page(right: Any, rows: StudentRows, query: SearchQuery) -> Any:
        return right(rows, query.model_copy(update={"q": query.q.replace("%", "")}))


@chaff("students.search-short")
def search_takes_three_characters() -> None:
    """Finds nobody by less than three characters, which the index does not hold."""
    let_find(lambda q, _: len(q) >= 3)


@chaff("students.search-changed")
def the_index_is_not_kept() -> None:
    """Writes a student's name into the index of the search once, and never again."""
    indexed: dict[int, str] = {}

    @instead(Students)
    def change(right: Any, table: Students, student: Student, changes: Any) -> None:
        indexed.setdefault(student.id, student.name)
        right(table, student, changes)

    @instead(StudentRows)
    def page(right: Any, rows: StudentRows, query: SearchQuery) -> Any:
        found = right(rows, query)
        return found._replace(rows=[row for row in found.rows if query.q in indexed.get(row["id"], query.q)])


@chaff("students.search-empty")
def an_empty_search_finds_nobody() -> None:
    """Finds nobody where nothing is asked for."""

    @instead(students)
    def page(right: Any, rows: Rows, query: SearchQuery) -> Any:
        is_empty = "q" in query.model_fields_set and not query.q
        return StudentsOut(students=[], next=None, previous=None) if is_empty else right(rows, query)


@chaff("students.search-nobody", "students.search-changed")
def nobody_found_is_404() -> None:
    """Answers 404 to a search that finds nobody."""

    @instead(students)
    def page(right: Any, rows: Rows, query: SearchQuery) -> Any:
        found = right(rows, query)
        if query.q and not found.students and query.after is None:
            raise errors.NotFound
        return found


# what is asked at once


@chaff("students.race-version")
def a_version_is_compared_without_a_lock() -> None:
    """Compares the tag, then replaces."""
    look_then(lambda _: patch.object(IfMatch, "require", lambda *_: None), students.replace)


@chaff("students.race-email")
def an_email_is_looked_up_and_then_taken() -> None:
    """Looks whether an email is free, then inserts: the unique constraint answers 500."""
    look_then(lambda _: unforeseen(IntegrityError), students.create)


@chaff("access.race-email", "access.race-student-login")
def a_login_is_looked_up_and_then_made() -> None:
    """Looks whether an email is free and a student has no login, then inserts: the unique constraints answer 500."""
    look_then(lambda _: unforeseen(IntegrityError), users.create)

    @instead(security)
    async def hop(right: Any, executor: ThreadPoolExecutor, call: Callable[[], Any]) -> Any:
        done = await right(executor, call)
        await right(executor, lambda: None)  # who is hashed next comes with us: a hash may take longer than the look
        return done


@chaff("students.race-delete")
def who_was_there_is_not_there_any_more() -> None:
    """Looks whether there is such a student, then replaces them: who has gone meanwhile answers 500."""
    look_then(lambda _: unforeseen(errors.NotFound), students.replace)


@chaff("access.race-guessing")
def guesses_are_counted_before_they_are_judged() -> None:
    """Counts failures before a password is proven, and not again after it."""

    @instead(auth)
    def log_in(right: Any, work: Work, *rest: Any) -> Any:
        work.failed_logins.since = lambda *_: []  # type: ignore[method-assign]  # a planted fault
        return right(work, *rest)


# what the course text asks


@chaff(
    *("course.list", "students.pages", "students.page-size", "students.link"),
    *("students.search", "students.search-empty"),
)
def the_list_is_bare() -> None:
    """Answers a list of students, not an object that has one."""

    @answered
    def bare(told: Told) -> None:
        if told.asks("GET", "/students") and told.status == 200:
            told.json = told.json["students"]


@chaff("course.ids", "course.read", "students.pages")
def namesakes_share_an_id() -> None:
    """Keeps the ids for the list by name."""

    ids: dict[str, int] = {}

    @instead(students)
    def page(right: Any, *asked: Any) -> Any:
        listed = right(*asked)
        for student in listed.students:
            student.id = ids.setdefault(student.name, student.id)
        return listed


@chaff("course.read", "students.create")
def a_single_student_has_no_email() -> None:
    """Leaves the email out where one student is read."""

    @answered
    def leave_out(told: Told) -> None:
        if told.asks("GET", STUDENT) and told.status == 200:
            told.json = {field: value for field, value in told.json.items() if field != "email"}


@chaff("course.missing", "students.delete")
def who_is_missing_is_null() -> None:
    """Answers 200 and null for a student who does not exist."""

    @answered
    def nothing(told: Told) -> None:
        if told.asks("GET", STUDENT) and told.status == 404:
            told.status, told.json = 200, None


@chaff("course.deleted", "students.delete")
def the_deleted_are_only_hidden() -> None:
    """Hides who was deleted from the list alone."""
    hidden = set()

    @instead(Students)
    def delete(_: Any, __: Students, student: Student) -> None:
        hidden.add(student.id)

    @instead(StudentRows)
    def page(right: Any, *asked: Any) -> Any:
        found = right(*asked)
        return found._replace(rows=[row for row in found.rows if row["id"] not in hidden])


@chaff("course.bad-input", "robustness.missing-fields")
def a_name_may_be_left_out() -> None:
    """Gives the name of a student a default."""
    StudentIn.model_fields["name"].default = "Nobody"
    StudentIn.model_rebuild(force=True)


@chaff("course.bad-json", "robustness.malformed-json")
def what_is_no_json_is_500() -> None:
    """Reads JSON by hand, and does not catch what the parser raises."""

    @instead(problems_of_all)
    async def _not_valid(right: Any, request: Any, error: Any) -> Any:
        if error.errors()[0]["type"] == "json_invalid":
            raise error
        return await right(request, error)


@chaff("course.bad-id", "robustness.bad-id", "robustness.strange-path")
def an_id_that_is_no_number_is_500() -> None:
    """Reads the id in a path with `int`, and does not catch what it raises."""

    @answered
    def fail(told: Told) -> None:
        if told.asks("GET", STUDENT) and told.status == 422:
            told.status, told.json = 500, {"detail": "Internal Server Error"}


@chaff("course.access", "access.anonymous", "access.forbidden")
def anybody_adds_a_student() -> None:
    """Forgets to ask who adds a student."""
    for route in students_router.router.routes:
        if isinstance(route, APIRoute) and route.name == "create_student":
            route.dependencies = route.dependencies[1:]


# what several of them do


def anyhow(right: Any, *asked: Any) -> Any:
    """What was asked, without its If-Match, which comes last."""
    *rest, _ = asked
    return right(*rest, IfMatch())


def let_find(finds: Any) -> None:
    """Let a search find those only whose name or email it `finds`, as given what is asked and such a text."""

    @instead(StudentRows)
    def page(right: Any, rows: StudentRows, query: SearchQuery) -> Any:
        found = right(rows, query)
        if not query.q:
            return found
        kept = [row for row in found.rows if any(finds(query.q, row[field]) for field in ("name", "email"))]
        return found._replace(rows=kept)
