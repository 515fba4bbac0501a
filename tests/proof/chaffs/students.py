"""What goes wrong with students: the five operations, pages, search, and versions."""

from api.services import students
from tests.proof.chaffs import chaff
from tests.proof.chaffs.planting import Told, answered, instead


@chaff("students.create")
def created_is_200() -> None:
    """Answers 200 for a new student."""

    @answered
    def ok(told: Told) -> None:
        if told.asks("POST", "/students") and told.status == 201:
            told.status = 200
