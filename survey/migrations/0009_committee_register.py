import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """The committee's register; members' opinions, amendments and papers of a meeting; attendance that starts blank."""

    dependencies = [
        ("accounts", "0001_initial"),
        ("survey", "0008_submission_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Amendment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(max_length=60)),
                ("before", models.JSONField(default=dict)),
                ("after", models.JSONField(default=dict)),
                ("reason", models.CharField(max_length=1000, verbose_name="เหตุผล")),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["meeting", "pk"],
            },
        ),
        migrations.CreateModel(
            name="CommitteeMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.PositiveSmallIntegerField(default=0, verbose_name="ลำดับ")),
                (
                    "seat",
                    models.CharField(
                        choices=[
                            ("chair", "ประธานกรรมการ"),
                            ("vice_chair", "รองประธานกรรมการ"),
                            ("member", "กรรมการ"),
                            ("secretary", "กรรมการและเลขานุการ"),
                            ("co_secretary", "กรรมการและเลขานุการร่วม"),
                            ("assistant_secretary", "กรรมการและผู้ช่วยเลขานุการ"),
                        ],
                        default="member",
                        max_length=20,
                        verbose_name="ตำแหน่งในคณะกรรมการ",
                    ),
                ),
                ("post", models.CharField(max_length=200, verbose_name="ตำแหน่ง")),
                ("office", models.CharField(blank=True, max_length=200, verbose_name="หน่วยงาน")),
                ("name", models.CharField(blank=True, max_length=200, verbose_name="ชื่อ")),
                ("starts_on", models.DateField(verbose_name="ตั้งแต่วันที่")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="ถึงวันที่")),
            ],
            options={
                "ordering": ["order", "place", "pk"],
            },
        ),
        migrations.CreateModel(
            name="CommitteeOrder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=100, verbose_name="คำสั่งเลขที่")),
                ("signed_on", models.DateField(verbose_name="ลงวันที่")),
                ("starts_on", models.DateField(verbose_name="ใช้ตั้งแต่วันที่")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="ถึงวันที่")),
                ("powers", models.TextField(blank=True, max_length=8000, verbose_name="อำนาจหน้าที่")),
                ("quorum", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="องค์ประชุม")),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["province", "-starts_on", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Opinion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "stance",
                    models.CharField(
                        choices=[
                            ("agree", "เห็นด้วย"),
                            ("remark", "เห็นด้วยโดยมีข้อสังเกต"),
                            ("disagree", "ไม่เห็นด้วยโดยมีข้อสังเกต"),
                        ],
                        max_length=8,
                    ),
                ),
                ("remark", models.CharField(blank=True, max_length=1000)),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["meeting", "sub_pillar__pillar__order", "sub_pillar__order", "member__place", "pk"],
            },
        ),
        migrations.CreateModel(
            name="TabledPaper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("stored", models.CharField(help_text="name in the store", max_length=200)),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField(help_text="bytes")),
                ("version", models.PositiveIntegerField(help_text="of the answer that the paper shows")),
                (
                    "source",
                    models.CharField(
                        help_text="what made it: a second try makes no second paper", max_length=64, unique=True
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["meeting", "-at", "-pk"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="attendance",
            name="attendance_position",
        ),
        migrations.AddField(
            model_name="attendance",
            name="name",
            field=models.CharField(blank=True, max_length=200, verbose_name="ชื่อ"),
        ),
        migrations.AddField(
            model_name="attendance",
            name="reason",
            field=models.CharField(blank=True, max_length=300, verbose_name="เหตุที่ไม่มา"),
        ),
        migrations.AddField(
            model_name="attendance",
            name="substitute_name",
            field=models.CharField(blank=True, max_length=200, verbose_name="ชื่อผู้มาแทน"),
        ),
        migrations.AddField(
            model_name="attendance",
            name="substitute_office",
            field=models.CharField(blank=True, max_length=200, verbose_name="หน่วยงานของผู้มาแทน"),
        ),
        migrations.AddField(
            model_name="attendance",
            name="substitute_post",
            field=models.CharField(blank=True, max_length=200, verbose_name="ตำแหน่งของผู้มาแทน"),
        ),
        migrations.AddField(
            model_name="meeting",
            name="cancelled_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="meeting",
            name="cancelled_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="meeting",
            name="guests",
            field=models.JSONField(blank=True, default=list, help_text="name and office of each who is not a member"),
        ),
        migrations.AddField(
            model_name="meeting",
            name="quorum",
            field=models.PositiveSmallIntegerField(
                blank=True, help_text="as the order had it when concluded", null=True
            ),
        ),
        migrations.AlterField(
            model_name="attendance",
            name="present",
            field=models.BooleanField(default=None, null=True, verbose_name="เข้าประชุม"),
        ),
        migrations.AddField(
            model_name="amendment",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="amendment",
            name="meeting",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="amendments", to="survey.meeting"
            ),
        ),
        migrations.AddField(
            model_name="committeemember",
            name="user",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="committee_seats",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="attendance",
            name="member",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="survey.committeemember",
            ),
        ),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=models.UniqueConstraint(
                condition=models.Q(("member", None)), fields=("meeting", "position"), name="attendance_position"
            ),
        ),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=models.UniqueConstraint(fields=("meeting", "member"), name="attendance_member"),
        ),
        migrations.AddField(
            model_name="committeeorder",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="committeeorder",
            name="province",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="committee_orders", to="accounts.province"
            ),
        ),
        migrations.AddField(
            model_name="committeemember",
            name="order",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="members", to="survey.committeeorder"
            ),
        ),
        migrations.AddField(
            model_name="meeting",
            name="order",
            field=models.ForeignKey(
                blank=True,
                help_text="in force when concluded",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="survey.committeeorder",
            ),
        ),
        migrations.AddField(
            model_name="opinion",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="opinion",
            name="meeting",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="opinions", to="survey.meeting"
            ),
        ),
        migrations.AddField(
            model_name="opinion",
            name="member",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="opinions", to="survey.committeemember"
            ),
        ),
        migrations.AddField(
            model_name="opinion",
            name="sub_pillar",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="survey.subpillar",
            ),
        ),
        migrations.AddField(
            model_name="tabledpaper",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="tabledpaper",
            name="meeting",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="papers", to="survey.meeting"
            ),
        ),
        migrations.AddConstraint(
            model_name="committeeorder",
            constraint=models.UniqueConstraint(fields=("province", "number"), name="committee_order_number"),
        ),
        migrations.AddConstraint(
            model_name="committeeorder",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"),
                name="committee_order_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="committeemember",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"),
                name="committee_member_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="opinion",
            constraint=models.UniqueConstraint(fields=("meeting", "member", "sub_pillar"), name="opinion_once"),
        ),
        migrations.AddConstraint(
            model_name="opinion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("sub_pillar", None)), fields=("meeting", "member"), name="opinion_whole_once"
            ),
        ),
    ]
