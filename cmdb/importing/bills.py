"""What is different from the bill of materials before: components were added, removed, upgraded, downgraded."""

from django.db.models import Count

from cmdb.importing.readers import purl
from cmdb.importing.readers.cyclonedx import COMPONENT
from cmdb.importing.staging import Intake
from cmdb.models import ImportDifference
from itsm.kernel.inserting import run

Word = ImportDifference.Word
# A component that came anew, or that was there for somebody else and is part of this from now on.
ADDED = """
    UPDATE cmdb_importdifference d SET word = 'added' FROM staged_wanted w
    WHERE d.run_id = %(run)s AND w.ci_id = d.ci_id
        AND w.ci_class_id = (SELECT id FROM cmdb_ciclass WHERE code = %(component)s)
        AND (d.kind = 'created' OR (d.kind = 'related' AND d.type = 'part_of' AND NOT w.is_new AND NOT EXISTS (
            SELECT FROM staged_unrelated u WHERE u.source_id = d.ci_id AND u.type = 'part_of')))
"""
# One that the bill no longer names: gone altogether, or only from here.
REMOVED = """
    UPDATE cmdb_importdifference d SET word = 'removed'
    WHERE d.run_id = %(run)s AND (
        d.kind = 'retired' OR (d.kind = 'unrelated' AND d.type = 'part_of'
            AND NOT EXISTS (SELECT FROM staged_wanted w WHERE w.ci_id = d.ci_id)
            AND NOT EXISTS (SELECT FROM staged_retired g WHERE g.ci_id = d.ci_id)))
"""


def name_differences(intake: Intake) -> None:
    """On the differences that were noted; how many there are of each word is counted by components."""
    run(ADDED, component=COMPONENT, **intake.parameters)
    run(REMOVED, **intake.parameters)
    _name_versions(intake)
    said = ImportDifference.objects.filter(run_id=intake.run_id).exclude(word="").order_by().values_list("word")
    found = dict(said.annotate(Count("ci_id", distinct=True)))
    intake.counts |= {word: found.get(word, 0) for word in Word.values}


def _name_versions(intake: Intake) -> None:
    """Versions are ordered as bills order them, which SQL cannot."""
    mine = ImportDifference.objects.filter(run_id=intake.run_id, kind=ImportDifference.Kind.CHANGED)
    named: dict[str, list[int]] = {Word.UPGRADED: [], Word.DOWNGRADED: []}
    said = mine.filter(after__has_key="version").values_list("pk", "before__version", "after__version")
    for pk, before, after in said.iterator():
        if before and after:
            named[Word.UPGRADED if purl.newness(after) >= purl.newness(before) else Word.DOWNGRADED].append(pk)
    for word, pks in named.items():
        mine.filter(pk__in=pks).update(word=word)
