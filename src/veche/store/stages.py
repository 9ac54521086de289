"""The log of stages: one row for each state, the last one stands."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from veche.domain.meeting import MeetingNumber, SideId, SiteId
from veche.domain.stage import Cell, Layout, Source, Stage, Title
from veche.domain.text import Text
from veche.store.tables import stages


class Stages:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def last(self, meeting: MeetingNumber) -> Stage | None:
        row = self._connection.execute(
            select(stages)
            .where(stages.c.meeting == meeting)
            .order_by(stages.c.sequence.desc())
            .limit(1)
        ).one_or_none()
        return None if row is None else _read(row.sequence, row.body)

    def append(self, meeting: MeetingNumber, stage: Stage, at: datetime) -> None:
        """Raises `sqlalchemy.exc.IntegrityError` for a sequence that is there: our bug."""
        self._connection.execute(
            insert(stages).values(
                meeting=meeting, sequence=stage.sequence, at=at, body=_written(stage)
            )
        )


def _written(stage: Stage) -> dict[str, Any]:  # Any: JSON
    title = stage.title
    return {
        "layout": stage.layout,
        "cells": [
            {
                "role": cell.role,
                "side": cell.side,
                "site": cell.site,
                "source": cell.source,
                "is_speaking": cell.is_speaking,
            }
            for cell in stage.cells
        ],
        "title": title
        and {
            "name": title.name.as_mapping(),
            "post": title.post.as_mapping(),
            "side": title.side,
        },
    }


def _read(sequence: int, body: dict[str, Any]) -> Stage:  # Any: JSON
    title = body["title"]
    return Stage(
        sequence=sequence,
        layout=Layout(body["layout"]),
        cells=tuple(
            Cell(
                role=cell["role"],
                side=SideId(cell["side"]),
                site=SiteId(cell["site"]),
                source=Source(cell["source"]),
                is_speaking=cell["is_speaking"],
            )
            for cell in body["cells"]
        ),
        title=title
        and Title(
            name=Text.parse(title["name"]),
            post=Text.parse(title["post"]),
            side=SideId(title["side"]),
        ),
    )
