"""Kinds of paper: the result report apart from the filled questionnaire, which was called "result" before."""

from django.db import migrations, models


def rename_old_results(apps, schema_editor):
    """Job rows made so far hold filled questionnaires, or wait for one."""
    apps.get_model("reports", "Job").objects.filter(kind="result").update(kind="questionnaire")


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0009_returned_workbook"),
    ]

    operations = [
        migrations.AlterField(
            model_name="job",
            name="kind",
            field=models.CharField(
                choices=[
                    ("result", "รายงานผล (PDF)"),
                    ("questionnaire", "แบบสำรวจพร้อมคำตอบ (PDF)"),
                    ("blank", "แบบสำรวจเปล่าสำหรับเขียน (PDF)"),
                    ("assignments", "บัญชีมอบหมายข้อคำถาม (PDF)"),
                    ("dga", "ไฟล์ Excel สำหรับ สพร."),
                    ("committee", "เอกสารประกอบการประชุมคณะกรรมการ (PDF)"),
                    ("minutes", "รายงานการประชุมคณะกรรมการ (PDF)"),
                    ("resolutions", "มติที่ประชุมคณะกรรมการ (PDF)"),
                    ("certificate", "หนังสือรับรองการอนุมัติ (PDF)"),
                    ("reasons", "เหตุผลของคะแนน (PDF)"),
                    ("score_sheet", "เหตุผลของคะแนน (Excel)"),
                    ("plan", "แผนปฏิบัติการ (PDF)"),
                    ("plan_sheet", "แผนปฏิบัติการ (Excel)"),
                    ("binder", "แฟ้มหลักฐาน (PDF)"),
                    ("bundle", "ชุดไฟล์หลักฐาน (ZIP)"),
                    ("index", "ดัชนีหลักฐาน (PDF)"),
                    ("index_sheet", "ดัชนีหลักฐาน (Excel)"),
                ],
                max_length=20,
            ),
        ),
        migrations.RunPython(rename_old_results, migrations.RunPython.noop),
    ]
