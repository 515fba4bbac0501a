"""Yardstick 1: async routes with a response model and nothing behind them, neither a database nor a token."""

import json
import os

from fastapi import FastAPI

from tests.bench.schemas import StudentOut, StudentsOut

PAGE = json.loads(os.environ["BENCH_PAGE"])

app = FastAPI()


@app.get("/students/{student_id}")
async def read_student(student_id: int) -> StudentOut:
    return StudentOut(**PAGE["students"][0])


@app.get("/students")
async def read_students(limit: int = 50) -> StudentsOut:
    return StudentsOut(**PAGE)
