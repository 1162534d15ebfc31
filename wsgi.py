"""What gunicorn and the flask command start from."""

from branchnet import create_app

app = create_app()
