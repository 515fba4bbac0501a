"""Every query. `Rows` gives plain rows to read, `Work` entities to change; neither commits, and neither decides."""

from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from api.repositories.accounts import FailedLoginRows, FailedLogins, TokenRows, Tokens, UserRows, Users
from api.repositories.courses import CourseRows, Courses
from api.repositories.enrollments import EnrollmentRows, Enrollments
from api.repositories.schema import SchemaRows
from api.repositories.sections import SectionRows, Sections
from api.repositories.students import StudentRows, Students
from api.repositories.summary import SummaryRows
from api.repositories.terms import TermRows, Terms


class Rows:
    """All that can be read, at one instant of the clock."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self.now = now
        self.students = StudentRows(connection)
        self.users = UserRows(connection)
        self.tokens = TokenRows(connection)
        self.failed_logins = FailedLoginRows(connection)
        self.terms = TermRows(connection)
        self.courses = CourseRows(connection)
        self.sections = SectionRows(connection)
        self.enrollments = EnrollmentRows(connection)
        self.summary = SummaryRows(connection)
        self.schema = SchemaRows(connection)


class Work:
    """All that can be changed, in one transaction, at one instant of the clock."""

    def __init__(self, session: Session, now: datetime) -> None:
        self.now = now
        self.students = Students(session)
        self.users = Users(session)
        self.tokens = Tokens(session)
        self.failed_logins = FailedLogins(session)
        self.terms = Terms(session)
        self.courses = Courses(session)
        self.sections = Sections(session)
        self.enrollments = Enrollments(session)
