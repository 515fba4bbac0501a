"""What is asked once the API has been stopped."""

from collections.abc import Sequence

import pytest

from tests.marking.report import Asked
from tests.marking.run import Job, of_pages


@pytest.mark.parametrize(
    ("tracks", "checks", "left"),
    [
        (["students", "web"], [], (["web"], [])),
        (["web-basic", "web"], [], (["web-basic", "web"], [])),
        (["students", "web"], ["students.list", "web.list"], (["web"], ["web.list"])),
        (["students"], [], None),
        (["students", "web"], ["students.list"], None),
    ],
)
def test_only_pages_are_asked_without_the_api(
    tracks: Sequence[str], checks: Sequence[str], left: tuple[Sequence[str], Sequence[str]] | None
) -> None:
    """Of a stopped API itself nothing is asked; of the pages in front of it, what was to be asked of them."""
    asked = Asked(api_url="http://a", web_url="http://w", tracks=tracks, auth="bearer", seed=1, checks=checks)

    job = of_pages(Job(asked, "registrar@example.edu:secret"))

    assert (job and (job.asked.tracks, job.asked.checks)) == left
