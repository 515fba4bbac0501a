"""The API as the course text describes it, and no more: no logins, and FastAPI's defaults."""

import sys

import uvicorn
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel
from sqlalchemy import Column, Integer, String, create_engine
from sqlalchemy.orm import Session, declarative_base
from sqlalchemy.pool import StaticPool

Base = declarative_base()
app = FastAPI()
engine = create_engine("sqlite://", connect_args={"check_same_thread": False}, poolclass=StaticPool)


class Student(Base):  # type: ignore[misc, valid-type]  # as the text writes models
    __tablename__ = "students"
    id = Column(Integer, primary_key=True)
    name = Column(String)
    email = Column(String)


class StudentIn(BaseModel):
    name: str
    email: str


def found(db: Session, student_id: int) -> Student:
    student = db.query(Student).filter(Student.id == student_id).first()
    if student is None:
        raise HTTPException(404, "No such student")
    return student


def shown(student: Student) -> dict[str, object]:
    return {"id": student.id, "name": student.name, "email": student.email}


@app.get("/students")
async def get_students() -> dict[str, object]:
    with Session(engine) as db:
        return {"students": [shown(student) for student in db.query(Student).all()]}


@app.get("/students/{student_id}")
async def get_student(student_id: int) -> dict[str, object]:
    with Session(engine) as db:
        return shown(found(db, student_id))


@app.post("/students")
async def create_student(new: StudentIn) -> dict[str, object]:
    with Session(engine) as db:
        student = Student(name=new.name, email=new.email)
        db.add(student)
        db.commit()
        return shown(student)


@app.put("/students/{student_id}")
async def update_student(student_id: int, new: StudentIn) -> dict[str, object]:
    with Session(engine) as db:
        student = found(db, student_id)
        student.name, student.email = new.name, new.email  # type: ignore[assignment]  # as the text writes models
        db.commit()
        return shown(student)


@app.delete("/students/{student_id}")
async def delete_student(student_id: int) -> dict[str, object]:
    with Session(engine) as db:
        db.delete(found(db, student_id))
        db.commit()
        return {"message": "Student deleted"}


Base.metadata.create_all(engine)

if __name__ == "__main__":
    uvicorn.run(app, port=int(sys.argv[1]) if len(sys.argv) > 1 else 8000, log_level="warning")
