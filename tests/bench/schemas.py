"""What the yardsticks answer: the same bodies as the reference."""

from pydantic import BaseModel


class StudentOut(BaseModel):
    id: int
    name: str
    email: str


class StudentsOut(BaseModel):
    students: list[StudentOut]
    next: str | None
    previous: str | None
