"""The family's whole record as one file that it owns."""

import io
import zipfile

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from soc_portal.audit.enums import Look
from teams import access
from teams.actions.looks import look
from teams.views.archive_parts import archive_papers, data_of, read_me

FILENAME = "our-record.zip"


@require_safe
def archive_detail(request, team_id):
    """What the file holds and what it does not; for those whose record it is, while the team lives and afterwards."""
    team = access.get_own_record_team_for(request.user, team_id)
    return render(request, "teams/archive_detail.html", {"team": team})


@require_POST
def archive_file(request, team_id):
    """Everything of the record that this person may read. It is asked for by a button, so that no link fetches it."""
    team = access.get_own_record_team_for(request.user, team_id)
    look(request.user, Look.ARCHIVE, team)
    made_at = timezone.now()
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", read_me(made_at))
        archive.writestr("record.json", data_of(request.user, team, made_at))
        for name, content in archive_papers(request.user, team):
            archive.writestr(name, content)
    # Made whole, not streamed: what is read after the answer has begun is read behind the second wall.
    response = HttpResponse(file.getvalue(), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{FILENAME}"'
    response["Cache-Control"] = "no-store, private"
    return response
