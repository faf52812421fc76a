from django.db import migrations, models


class Migration(migrations.Migration):
    """By which way the answers of a contribution came."""

    dependencies = [
        ("survey", "0014_data_files"),
    ]

    operations = [
        migrations.AddField(
            model_name="response",
            name="channel",
            field=models.CharField(
                choices=[("online", "กรอกในระบบ"), ("workbook", "ไฟล์ Excel"), ("paper", "กระดาษ")],
                db_default="online",
                default="online",
                help_text="of a contribution: the last way by which answers came other than on the page",
                max_length=10,
            ),
        ),
    ]
