import sys

from waitress import serve

from tests.proof.wheats.other_web import app

app.config["API_URL"] = sys.argv[2] if len(sys.argv) > 2 else app.config["API_URL"]
serve(app, host="127.0.0.1", port=int(sys.argv[1]) if len(sys.argv) > 1 else 5000, threads=8)
