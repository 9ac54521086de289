"""An account as the interface says it: without its password, and with the version to change."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from veche.domain.account import Account, GlobalRole
from veche.domain.text import Language


class AccountShape(BaseModel):
    model_config = ConfigDict(frozen=True)

    id: str
    login: str
    name: str
    role: GlobalRole
    organisation: str | None
    language: Language | None
    has_openid: bool
    disabled_at: datetime | None
    version: int


def account_shape(account: Account) -> AccountShape:
    return AccountShape(
        id=account.id,
        login=account.login,
        name=account.name,
        role=account.role,
        organisation=account.organisation,
        language=account.language,
        has_openid=account.subject is not None,
        disabled_at=account.disabled_at,
        version=account.version,
    )
