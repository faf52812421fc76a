from django.db import migrations, models


class Migration(migrations.Migration):
    """Minutes and resolutions of a meeting as kinds of report."""

    dependencies = [
        ("reports", "0003_reasons"),
    ]

    operations = [
        migrations.AlterField(
            model_name="job",
            name="kind",
            field=models.CharField(
                choices=[
                    ("result", "ผลประเมินและคำตอบ (PDF)"),
                    ("dga", "ไฟล์ Excel สำหรับ สพร."),
                    ("committee", "เอกสารประกอบการประชุมคณะกรรมการ (PDF)"),
                    ("minutes", "รายงานการประชุมคณะกรรมการ (PDF)"),
                    ("resolutions", "มติที่ประชุมคณะกรรมการ (PDF)"),
                    ("certificate", "หนังสือรับรองการอนุมัติ (PDF)"),
                    ("reasons", "เหตุผลของคะแนน (PDF)"),
                ],
                max_length=20,
            ),
        ),
    ]
