"""`make run` says how far the installation is."""

from deploy.install import named, steps

PIP = """Collecting flask==3.1.3 (from -r requirements.txt (line 3))
  Downloading flask-3.1.3-py3-none-any.whl (103 kB)
Collecting Pillow==13.0.0 (from -r requirements.txt (line 14))
Collecting jinja2>=3.1 (from flask==3.1.3->-r requirements.txt (line 3))
Requirement already satisfied: click in ./.venv
Installing collected packages: jinja2, pillow, flask
Successfully installed flask-3.1.3""".splitlines()


def test_each_package_is_told_with_how_many_there_are(tmp_path):
    path = tmp_path / "requirements.txt"
    path.write_text("# what runs\nflask==3.1.3\n\nPillow==13.0.0  # pictures\n-r more.txt\n")
    assert named(path) == ["flask", "pillow"]
    assert list(steps(PIP, {"flask", "pillow"})) == [
        "fetching 1 of 2: flask",
        "fetching 2 of 2: pillow",
        "fetching what they need: jinja2",
        "installing 3 packages",
    ]
    assert list(steps(["Requirement already satisfied: flask"], {"flask"})) == []
