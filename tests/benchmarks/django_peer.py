"""django-encrypted-model-fields on SQLite, as the benchmark `django` drives it.

Reads commands on stdin, `insert TABLE` and `load TABLE`, and answers each with the seconds that it took.
"""

import sys
import time

import django
from django.conf import settings

FILE, ROWS = sys.argv[1], int(sys.argv[2])
settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": FILE}},
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    FIELD_ENCRYPTION_KEY="6-QgONW6TUl5rt4Xq8u-wBwPcb15sIYS2CN6d69zueM=",
)
django.setup()

from django.db import connection, models, transaction  # noqa: E402
from encrypted_model_fields.fields import EncryptedCharField  # noqa: E402


class Plain(models.Model):
    name = models.CharField(max_length=100)
    email = models.CharField(max_length=100)

    class Meta:
        app_label = "benchmark"


class Encrypted(models.Model):
    name = EncryptedCharField(max_length=100)
    email = EncryptedCharField(max_length=100)

    class Meta:
        app_label = "benchmark"


MODELS = {"plain": Plain, "encrypted": Encrypted}

with connection.cursor() as cursor:
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
with connection.schema_editor() as editor:
    for model in MODELS.values():
        editor.create_model(model)


def insert(model):
    model.objects.all().delete()
    start = time.perf_counter()
    with transaction.atomic():
        for first in range(0, ROWS, 1000):
            model.objects.bulk_create(
                model(name=f"Ada Augusta King {row:07}", email=f"ada.augusta.{row:07}@example.com")
                for row in range(first, min(ROWS, first + 1000))
            )
    return time.perf_counter() - start


def load(model):
    start = time.perf_counter()
    lengths = sum(len(row.name) + len(row.email) for row in model.objects.all().iterator())
    seconds = time.perf_counter() - start
    assert lengths == 55 * ROWS
    return seconds


for line in sys.stdin:
    command, table = line.split()
    seconds = {"insert": insert, "load": load}[command](MODELS[table])
    print(seconds, flush=True)
