"""The directory: organisations, people and their posts, bodies, series, templates of meetings.

An entry is seen and kept by the staff of the organisation that it belongs to.
"""

import asyncio
from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Response

from veche.domain.actor import Asker
from veche.domain.directory import Body, Organisation, Person, Series
from veche.domain.errors import Forbidden
from veche.domain.identity import ID_LETTERS_MAX, OrganisationId, SeriesId, TemplateId
from veche.domain.meeting import MeetingNumber
from veche.domain.templates import Template
from veche.web.api.common import AccountAsker, Rooms
from veche.web.api.once import Once
from veche.web.directory_shapes import (
    AlikeAnswer,
    AlikeQuestion,
    AlikeShape,
    BodiesAnswer,
    BodyShape,
    NewTemplate,
    OrdinalAnswer,
    OrganisationsAnswer,
    OrganisationShape,
    PeopleAnswer,
    PersonShape,
    SeriesAnswer,
    SeriesShape,
    TemplatesAnswer,
    TemplateShape,
    new_entry_id,
)

SEARCH_LETTERS_MAX: Final = 200

router = APIRouter(tags=["directory"])
EntryId = Annotated[str, Path(max_length=ID_LETTERS_MAX)]
Wanted = Annotated[str, Query(max_length=SEARCH_LETTERS_MAX, description="Words, any language.")]


@router.get("/directory/organisations")
async def list_organisations(
    asker: AccountAsker, house: Rooms, q: Wanted = ""
) -> OrganisationsAnswer:
    found = await asyncio.to_thread(house.directory.all, asker, Organisation, q)
    return OrganisationsAnswer(organisations=[OrganisationShape.model_validate(it) for it in found])


@router.post("/directory/organisations", status_code=201)
async def add_organisation(
    asked: OrganisationShape, asker: AccountAsker, house: Rooms, once: Once
) -> OrganisationShape:
    async def work() -> OrganisationShape:
        entry = asked.value(asked.id or new_entry_id())
        kept = await asyncio.to_thread(house.directory.add, asker, entry)
        return OrganisationShape.model_validate(kept)

    return await once(asker.actor, OrganisationShape, work)


@router.get("/directory/organisations/{entry}")
async def read_organisation(entry: EntryId, asker: AccountAsker, house: Rooms) -> OrganisationShape:
    found = await asyncio.to_thread(house.directory.find, asker, Organisation, entry)
    return OrganisationShape.model_validate(found)


@router.put("/directory/organisations/{entry}")
async def save_organisation(
    entry: EntryId, asked: OrganisationShape, asker: AccountAsker, house: Rooms
) -> OrganisationShape:
    changed = asked.value(entry)
    kept = await asyncio.to_thread(house.directory.save, asker, changed, asked.version)
    return OrganisationShape.model_validate(kept)


@router.get("/directory/people")
async def list_people(asker: AccountAsker, house: Rooms, q: Wanted = "") -> PeopleAnswer:
    found = await asyncio.to_thread(house.directory.all, asker, Person, q)
    return PeopleAnswer(people=[PersonShape.model_validate(it) for it in found])


@router.post("/directory/people", status_code=201)
async def add_person(
    asked: PersonShape, asker: AccountAsker, house: Rooms, once: Once
) -> PersonShape:
    async def work() -> PersonShape:
        entry = asked.value(new_entry_id(), _own(asker))
        kept = await asyncio.to_thread(house.directory.add, asker, entry)
        return PersonShape.model_validate(kept)

    return await once(asker.actor, PersonShape, work)


@router.get("/directory/people/{entry}")
async def read_person(entry: EntryId, asker: AccountAsker, house: Rooms) -> PersonShape:
    found = await asyncio.to_thread(house.directory.find, asker, Person, entry)
    return PersonShape.model_validate(found)


@router.put("/directory/people/{entry}")
async def save_person(
    entry: EntryId, asked: PersonShape, asker: AccountAsker, house: Rooms
) -> PersonShape:
    changed = asked.value(entry, _own(asker))
    kept = await asyncio.to_thread(house.directory.save, asker, changed, asked.version)
    return PersonShape.model_validate(kept)


@router.delete("/directory/people/{entry}", status_code=204)
async def remove_person(entry: EntryId, asker: AccountAsker, house: Rooms) -> Response:
    await asyncio.to_thread(house.directory.remove, asker, Person, entry)
    return Response(status_code=204)


@router.get("/directory/bodies")
async def list_bodies(asker: AccountAsker, house: Rooms, q: Wanted = "") -> BodiesAnswer:
    found = await asyncio.to_thread(house.directory.all, asker, Body, q)
    return BodiesAnswer(bodies=[BodyShape.model_validate(it) for it in found])


@router.post("/directory/bodies", status_code=201)
async def add_body(asked: BodyShape, asker: AccountAsker, house: Rooms, once: Once) -> BodyShape:
    async def work() -> BodyShape:
        entry = asked.value(new_entry_id(), _own(asker))
        kept = await asyncio.to_thread(house.directory.add, asker, entry)
        return BodyShape.model_validate(kept)

    return await once(asker.actor, BodyShape, work)


@router.get("/directory/bodies/{entry}")
async def read_body(entry: EntryId, asker: AccountAsker, house: Rooms) -> BodyShape:
    found = await asyncio.to_thread(house.directory.find, asker, Body, entry)
    return BodyShape.model_validate(found)


@router.put("/directory/bodies/{entry}")
async def save_body(
    entry: EntryId, asked: BodyShape, asker: AccountAsker, house: Rooms
) -> BodyShape:
    changed = asked.value(entry, _own(asker))
    kept = await asyncio.to_thread(house.directory.save, asker, changed, asked.version)
    return BodyShape.model_validate(kept)


@router.delete("/directory/bodies/{entry}", status_code=204)
async def remove_body(entry: EntryId, asker: AccountAsker, house: Rooms) -> Response:
    await asyncio.to_thread(house.directory.remove, asker, Body, entry)
    return Response(status_code=204)


@router.get("/directory/series")
async def list_series(asker: AccountAsker, house: Rooms, q: Wanted = "") -> SeriesAnswer:
    found = await asyncio.to_thread(house.directory.all, asker, Series, q)
    return SeriesAnswer(series=[SeriesShape.model_validate(it) for it in found])


@router.post("/directory/series", status_code=201)
async def add_series_entry(
    asked: SeriesShape, asker: AccountAsker, house: Rooms, once: Once
) -> SeriesShape:
    async def work() -> SeriesShape:
        entry = asked.value(new_entry_id(), _own(asker))
        kept = await asyncio.to_thread(house.directory.add, asker, entry)
        return SeriesShape.model_validate(kept)

    return await once(asker.actor, SeriesShape, work)


@router.get("/directory/series/{entry}")
async def read_series_entry(entry: EntryId, asker: AccountAsker, house: Rooms) -> SeriesShape:
    found = await asyncio.to_thread(house.directory.find, asker, Series, entry)
    return SeriesShape.model_validate(found)


@router.put("/directory/series/{entry}")
async def save_series_entry(
    entry: EntryId, asked: SeriesShape, asker: AccountAsker, house: Rooms
) -> SeriesShape:
    changed = asked.value(entry, _own(asker))
    kept = await asyncio.to_thread(house.directory.save, asker, changed, asked.version)
    return SeriesShape.model_validate(kept)


@router.delete("/directory/series/{entry}", status_code=204)
async def remove_series_entry(entry: EntryId, asker: AccountAsker, house: Rooms) -> Response:
    await asyncio.to_thread(house.directory.remove, asker, Series, entry)
    return Response(status_code=204)


@router.post("/directory/people/alike")
async def find_alike(asked: AlikeQuestion, asker: AccountAsker, house: Rooms) -> AlikeAnswer:
    """Who of the directory is probably this person; asks and changes nothing."""
    found = await asyncio.to_thread(house.directory.alike, asker, asked.name.value())
    return AlikeAnswer(alike=[AlikeShape.model_validate(it) for it in found])


@router.get("/directory/series/{entry}/next")
async def propose_ordinal(
    entry: EntryId, asker: AccountAsker, house: Rooms, day: date | None = None
) -> OrdinalAnswer:
    """The number of the next meeting of a series, on this day."""
    ordinal = await asyncio.to_thread(house.directory.next_ordinal, asker, SeriesId(entry), day)
    return OrdinalAnswer(ordinal=ordinal)


@router.get("/templates")
async def list_templates(asker: AccountAsker, house: Rooms) -> TemplatesAnswer:
    found = await asyncio.to_thread(house.drafts.templates, asker)
    return TemplatesAnswer(templates=[_template_shape(template) for template in found])


@router.post("/templates", status_code=201)
async def add_template(
    asked: NewTemplate, asker: AccountAsker, house: Rooms, once: Once
) -> TemplateShape:
    """Keep a meeting as a pattern for others: its sides, people, programme and rights."""

    async def work() -> TemplateShape:
        kept = await asyncio.to_thread(
            house.drafts.keep_template, asker, MeetingNumber(asked.number), asked.name
        )
        return _template_shape(kept)

    return await once(asker.actor, TemplateShape, work)


@router.delete("/templates/{entry}", status_code=204)
async def remove_template(entry: EntryId, asker: AccountAsker, house: Rooms) -> Response:
    await asyncio.to_thread(house.drafts.drop_template, asker, TemplateId(entry))
    return Response(status_code=204)


def _own(asker: Asker) -> OrganisationId:
    if asker.organisation is None:
        raise Forbidden("an account of no organisation has no directory")
    return asker.organisation


def _template_shape(template: Template) -> TemplateShape:
    meeting = template.meeting
    return TemplateShape(
        id=template.id,
        name=template.name,
        title=meeting.title,
        cities=[site.city for _, site in meeting.sites_in_order()],
        items=len(meeting.agenda),
    )
