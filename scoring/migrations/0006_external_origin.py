"""Whether a score from outside is a result, or stands in for one that is not there yet."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("scoring", "0005_dropped")]

    operations = [
        migrations.AddField(
            model_name="externalscore",
            name="origin",
            field=models.CharField(
                choices=[("official", "แจ้งหรือประกาศผลแล้ว"), ("assumed", "ยังไม่มีผล ใช้ค่าที่คาดไว้")],
                default="official",
                max_length=10,
                verbose_name="เป็นคะแนนที่",
            ),
        ),
    ]
