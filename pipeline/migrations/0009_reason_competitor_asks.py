from django.db import migrations


def ask(apps, schema_editor):
    apps.get_model("pipeline", "LostReason").objects.filter(key="competitor").update(asks_competitor=True)


class Migration(migrations.Migration):
    dependencies = [("pipeline", "0008_competitors")]

    operations = [migrations.RunPython(ask, migrations.RunPython.noop, elidable=True)]
