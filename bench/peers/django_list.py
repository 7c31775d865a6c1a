"""Django: its ORM over the same tables, its templates, a person signed in by its sessions."""

import os
from pathlib import Path

import django
from django.conf import settings

PAGE = Path(os.environ["PAGE"]).read_bytes()

settings.configure(
    SECRET_KEY="k" * 40,
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[
        "django.contrib.contenttypes",
        "django.contrib.auth",
        "django.contrib.sessions",
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    DATABASES={
        name: {"ENGINE": "django.db.backends.sqlite3", "NAME": path, "CONN_MAX_AGE": None}
        for name, path in (("default", os.environ["OWN"]), ("firm", os.environ["DATABASE"]))
    },
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "loaders": [
                    (
                        "django.template.loaders.locmem.Loader",
                        {
                            "list.html": """{% extends "layout.html" %}{% block rows %}
{% for d in documents %}<tr><td><a href="{% url 'show' d.id %}">{{ d.number }}</a></td>
<td>{{ d.kind }}</td><td>{{ d.state }}</td><td>{{ d.date }}</td><td>{{ d.due_on }}</td>
<td>{{ d.customer.name }}</td><td>{{ d.currency }} {{ d.total }}</td></tr>
{% endfor %}{% endblock %}""",
                            "layout.html": """<!doctype html><title>Documents</title>
<p>{{ request.user.username }}</p><form method="post">{% csrf_token %}</form>
<table>{% block rows %}{% endblock %}</table>""",
                        },
                    )
                ],
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                ],
            },
        }
    ],
)
django.setup()

from django.contrib.auth import login  # noqa: E402
from django.contrib.auth.decorators import login_required  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import models  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.template.loader import render_to_string  # noqa: E402
from django.urls import path  # noqa: E402

from bench.peers import filled, serve  # noqa: E402


class Customer(models.Model):
    name = models.TextField()

    class Meta:
        app_label, db_table, managed = "auth", "customer", False


class Document(models.Model):
    number, kind, state, currency = (models.TextField() for _ in range(4))
    date, due_on = models.DateField(), models.DateField(null=True)
    total = models.BigIntegerField()
    customer = models.ForeignKey(Customer, models.DO_NOTHING)

    class Meta:
        app_label, db_table, managed = "auth", "document", False


def sign_in(request):
    user, _ = User.objects.get_or_create(username="ada")
    login(request, user)
    return HttpResponse("in")


@login_required
def index(request):
    found = Document.objects.using("firm").select_related("customer").order_by("-id")[:50]
    text = render_to_string("list.html", {"documents": found}, request)
    return HttpResponse(filled(text, PAGE))


urlpatterns = [
    path("sign-in", sign_in),
    path("documents/", index),
    path("documents/<int:id>", index, name="show"),
]

if __name__ == "__main__":
    call_command("migrate", verbosity=0, run_syncdb=True)
    serve(get_wsgi_application())
