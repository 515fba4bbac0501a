"""Yardstick 2: the layout that the tutorials of FastAPI and SQLAlchemy teach, on the reference's own database."""

import hashlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer
from sqlalchemy import DateTime, ForeignKey, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from tests.bench.schemas import StudentOut, StudentsOut


class Base(DeclarativeBase):
    pass


class Student(Base):
    __tablename__ = "students"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str]


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str]
    role: Mapped[str]
    is_active: Mapped[bool]


class Token(Base):
    __tablename__ = "tokens"

    digest: Mapped[bytes] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


engine = create_engine(os.environ["API_DATABASE_URL"])
oauth2_scheme = OAuth2PasswordBearer(tokenUrl="auth/token")
app = FastAPI()


def get_session() -> Iterator[Session]:
    with Session(engine) as session:
        yield session


SessionDep = Annotated[Session, Depends(get_session)]


def get_current_user(session: SessionDep, token: Annotated[str, Depends(oauth2_scheme)]) -> User:
    digest = hashlib.sha256(token.encode()).digest()
    statement = select(User).join(Token).where(Token.digest == digest, Token.expires_at > datetime.now(UTC))
    user = session.scalars(statement).one_or_none()
    if user is None or not user.is_active:
        raise HTTPException(status_code=401, detail="Not authenticated", headers={"WWW-Authenticate": "Bearer"})
    if user.role == "student":
        raise HTTPException(status_code=403, detail="Not allowed")
    return user


CurrentUser = Annotated[User, Depends(get_current_user)]


@app.get("/students/{student_id}", response_model=StudentOut)
def read_student(student_id: int, session: SessionDep, current_user: CurrentUser) -> Any:
    student = session.get(Student, student_id)
    if student is None:
        raise HTTPException(status_code=404, detail="Student not found")
    return student


@app.get("/students", response_model=StudentsOut)
def read_students(session: SessionDep, current_user: CurrentUser, after: int = 0, limit: int = 50) -> Any:
    students = session.scalars(select(Student).where(Student.id > after).order_by(Student.id).limit(limit)).all()
    next_page = f"/students?after={students[-1].id}" if len(students) == limit else None
    return {"students": students, "next": next_page, "previous": None}
