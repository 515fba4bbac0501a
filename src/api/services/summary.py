"""The registrar's overview."""

from api.repositories import Rows
from api.schemas import Fill, SummaryOut
from api.services import sections


def get(rows: Rows) -> SummaryOut:
    current = [sections.out(row) for row in rows.summary.current_sections(rows.now.date())]
    fill = [Fill.model_validate({**vars(section), "section_id": section.id}) for section in current]
    return SummaryOut(**rows.summary.counts()._asdict(), fill=fill)
