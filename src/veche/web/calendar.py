"""`/m/<number>.ics`: the meeting as a file for the reader's own calendar.

In the reader's language, or in the one that the page's link asks for: programs that subscribe
ask for none.
"""

from fastapi import APIRouter, Request
from starlette.responses import Response

from veche.documents.calendar import MEDIA_TYPE, CalendarEntry, write_calendar
from veche.domain.announcement import lasting_name
from veche.domain.meeting import Meeting, Phase
from veche.domain.text import Language
from veche.web.announcement import changed_at, corrections_of, planned_end
from veche.web.api.common import Rooms
from veche.web.house import House
from veche.web.pages import find, offered
from veche.web.words import say

router = APIRouter()


@router.get("/m/{number}.ics")
async def calendar(
    number: str, request: Request, house: Rooms, language: str | None = None
) -> Response:
    meeting = await find(number, house)
    spoken = (
        house.language_of(request, meeting.languages)
        if language is None
        else offered(meeting, language)
    )
    entry = entry_of(meeting, spoken, house, house.base_url_of(request))
    headers = {
        "Cache-Control": "no-cache",
        "Content-Disposition": f'attachment; filename="meeting-{meeting.number}.ics"',
        "Vary": "Accept-Language",
    }
    return Response(write_calendar(entry), media_type=MEDIA_TYPE, headers=headers)


def entry_of(meeting: Meeting, language: Language, house: House, base: str) -> CalendarEntry:
    def words(key: str, **values: str) -> str:
        return say(language, key, **values)

    address = f"{base}/m/{meeting.number}"
    lead = meeting.lead.in_language(language, meeting.language) if meeting.lead else ""
    return CalendarEntry(
        uid=f"{lasting_name(house.announcing.installation, meeting.number)}",
        revision=meeting.version + len(corrections_of(meeting)),
        changed_at=changed_at(meeting),
        day=meeting.announced_day,
        starts_at=meeting.starts_at,
        ends_at=planned_end(meeting),
        title=meeting.title.in_language(language, meeting.language),
        description="\n\n".join(
            part
            for part in (
                "" if meeting.starts_at else words("calendar.open"),
                lead,
                words("calendar.page", address=address),
            )
            if part
        ),
        location=", ".join(
            site.city.in_language(language, meeting.language)
            for _, site in meeting.sites_in_order()
        ),
        contact=", ".join(
            part
            for part in (
                meeting.organiser.in_language(language, meeting.language),
                meeting.contact,
            )
            if part
        ),
        url=address,
        language=language,
        is_cancelled=meeting.phase is Phase.CANCELLED,
    )
