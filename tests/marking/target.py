"""Whether there is still anybody to ask."""

from __future__ import annotations

import requests

from tests.marking.blame import TargetDown

PATIENCE = 3  # seconds
LIVES = 2  # failed probes in a row, after which it counts as dead


class Target:
    """One of an implementation's servers."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._lives = LIVES
        self._suspected = False

    def suspect(self) -> None:
        """Something was not answered: it will be probed before it is asked anything else."""
        self._suspected = True

    def require_alive(self) -> None:
        """Raise TargetDown once it has been found dead, without another wait."""
        if self._suspected and self._lives:
            self._lives = LIVES if answers(self._url) else self._lives - 1
            self._suspected = self._lives < LIVES
        if not self._lives:
            raise TargetDown(f"nothing answers any more at {self._url}")


def answers(url: str) -> bool:
    """Whether anything at all is answered there, whatever it is."""
    with requests.Session() as session:
        session.trust_env = False
        try:
            session.get(url, timeout=PATIENCE, allow_redirects=False, stream=True).close()
        except requests.RequestException:
            return False
        return True
