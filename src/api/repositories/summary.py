"""Counts of everything, and how full the sections are."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select

from api.models import Course, Enrollment, Section, Status, Student, Term
from api.repositories.sections import ROWS, SEATED
from api.repositories.tables import Reader


class SummaryRows(Reader):
    def counts(self) -> Row[Any]:
        of = {
            "students": select(func.count()).select_from(Student),
            "courses": select(func.count()).select_from(Course),
            "sections": select(func.count()).select_from(Section),
            "enrolled": select(func.count()).where(Enrollment.status.in_(SEATED)),
            "waitlisted": select(func.count()).where(Enrollment.status == Status.WAITLISTED),
        }
        return self._connection.execute(
            select(*(count.scalar_subquery().label(name) for name, count in of.items()))
        ).one()

    def current_sections(self, today: date) -> Sequence[Mapping[str, Any]]:
        """Those whose term has not ended."""
        current = ROWS.where(Term.ends_on >= today).order_by(Section.id)
        return [dict(row) for row in self._connection.execute(current).mappings()]
