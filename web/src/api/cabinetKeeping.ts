// What the cabinet keeps besides meetings: the directory, the accounts, one's own sessions.
import { ask, tell, type Question } from "./client";
import { list } from "./decode";
import {
  accountShape, bodiesAnswer, bodyShape, newAccountAnswer, newPasswordAnswer, organisationsAnswer, organisationShape, peopleAnswer, personShape, seriesAnswer, seriesShape, sessionShape,
  type AccountShape, type BodyShape, type GlobalRole, type Language, type NewAccountAnswer, type NewPasswordAnswer, type OrganisationShape, type PersonShape, type SeriesShape, type SessionShape,
} from "./shapes";

const API = "/api/v1";
const post = (body: object): Question => ({ method: "POST", body });
const put = (body: object): Question => ({ method: "PUT", body });

export interface NewAccount {
  readonly login: string;
  readonly name: string;
  readonly role: GlobalRole;
  readonly organisation: string | null;
}

export interface ChangedAccount {
  readonly version: number;
  readonly name: string;
  readonly role: GlobalRole;
  readonly organisation: string | null;
  readonly language: Language | null;
  readonly is_disabled: boolean;
}

const DIRECTORY = `${API}/directory`;

export const keepingApi = {
  readPeople: async (wanted: string): Promise<readonly PersonShape[]> => (await ask(`${DIRECTORY}/people?${new URLSearchParams({ q: wanted }).toString()}`, peopleAnswer)).people,
  keepPerson: (person: PersonShape): Promise<PersonShape> => ask(`${DIRECTORY}/people${person.id ? `/${person.id}` : ""}`, personShape, person.id ? put(person) : post(person)),
  removePerson: (id: string): Promise<void> => tell(`${DIRECTORY}/people/${id}`, { method: "DELETE" }),

  readOrganisations: async (): Promise<readonly OrganisationShape[]> => (await ask(`${DIRECTORY}/organisations`, organisationsAnswer)).organisations,
  keepOrganisation: (one: OrganisationShape): Promise<OrganisationShape> => ask(`${DIRECTORY}/organisations${one.id ? `/${one.id}` : ""}`, organisationShape, one.id ? put(one) : post(one)),

  readBodies: async (): Promise<readonly BodyShape[]> => (await ask(`${DIRECTORY}/bodies`, bodiesAnswer)).bodies,
  keepBody: (body: BodyShape): Promise<BodyShape> => ask(`${DIRECTORY}/bodies${body.id ? `/${body.id}` : ""}`, bodyShape, body.id ? put(body) : post(body)),

  readSeriesOf: async (): Promise<readonly SeriesShape[]> => (await ask(`${DIRECTORY}/series`, seriesAnswer)).series,
  keepSeries: (series: SeriesShape): Promise<SeriesShape> => ask(`${DIRECTORY}/series${series.id ? `/${series.id}` : ""}`, seriesShape, series.id ? put(series) : post(series)),

  readAccounts: (): Promise<readonly AccountShape[]> => ask(`${API}/accounts`, list(accountShape)),
  addAccount: (account: NewAccount): Promise<NewAccountAnswer> => ask(`${API}/accounts`, newAccountAnswer, post(account)),
  changeAccount: (id: string, account: ChangedAccount): Promise<AccountShape> => ask(`${API}/accounts/${id}`, accountShape, put(account)),
  resetPassword: (id: string): Promise<NewPasswordAnswer> => ask(`${API}/accounts/${id}/password`, newPasswordAnswer, post({})),

  readSessions: (): Promise<readonly SessionShape[]> => ask(`${API}/sessions`, list(sessionShape)),
  endOtherSessions: (): Promise<void> => tell(`${API}/sessions`, { method: "DELETE" }),
  changePassword: (before: string, after: string): Promise<void> => tell(`${API}/session/password`, put({ old_password: before, new_password: after })),
};
export type KeepingApi = typeof keepingApi;
