"""The pair of scripts that a Gradescope autograder is made of."""

import shlex
from pathlib import Path

from tests.marking.checks import WEB_TRACKS
from tests.marking.run import Job

SETUP = """\
#!/usr/bin/env bash
# Once, when the autograder's image is built: {browser}what the marker needs.
set -euo pipefail
apt-get update
apt-get install -y python3 python3-venv{package}  # Python 3.11 or newer: choose a base image that has it
cd /autograder/source/registrar
python3 noxfile.py --install-only -s grade
"""
RUN = """\
#!/usr/bin/env bash
# For each submission: start it, mark it, hand over results.json.
# Change `bash run.sh` to how your students' servers are started; they must listen on these ports.
set -euo pipefail
cd /autograder/submission
chown -R nobody .
(runuser -u nobody -- bash run.sh >/tmp/submission.log 2>&1 &)  # who may not write results
cd /autograder/source/registrar  # what runs as root imports nothing from a submission
for port in {ports}; do
  for _ in $(seq 60); do
    python3 -c "import socket; socket.create_connection(('127.0.0.1', $port), 1)" 2>/dev/null && break
    sleep 1
  done
done
marks=$(mktemp -d)
python3 noxfile.py -R -s grade -- {options} --visibility student --time-limit 420 --out "$marks" || true
cp "$marks/results.json" /autograder/results/results.json
"""


def write_kit(directory: Path, job: Job) -> None:
    """setup.sh, run_autograder and the points, to be zipped with this repository as `registrar/` beside them."""
    asked = job.asked
    browser = bool(set(WEB_TRACKS) & set(asked.tracks))
    servers = {"--api-url": 8000} | ({"--web-url": 5000} if browser else {})
    words = [word for option, port in servers.items() for word in (option, f"http://127.0.0.1:{port}")]
    words += [*asked.words, "--registrar", job.registrar]
    words += ["--points", "/autograder/source/points.toml"] if asked.points else []
    words += ["--stop-api", job.stop_api] if job.stop_api else []
    scripts = {
        "setup.sh": SETUP.format(browser="a browser, and " if browser else "", package=" chromium" if browser else ""),
        "run_autograder": RUN.format(ports=" ".join(map(str, servers.values())), options=shlex.join(words)),
    }
    directory.mkdir(parents=True, exist_ok=True)
    for name, text in scripts.items():
        (directory / name).write_text(text, "utf-8")
        (directory / name).chmod(0o755)
    if asked.points:
        lines = [f'"{id_}" = {points}\n' for id_, points in asked.points.items()]
        (directory / "points.toml").write_text("".join(["[points]\n", *lines]), "utf-8")
