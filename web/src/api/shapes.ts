// Made by scripts/shapes.py of the server's own description of its interface; not to be edited.
// A decoder for each answer that pages ask for, and the type that it gives.
import { boolean, instant, list, nullable, number, oneOf, record, string, type Decoded } from "./decode";

export const globalRole = /* @__PURE__ */ oneOf("admin", "organiser", "operator", "viewer");
export type GlobalRole = Decoded<typeof globalRole>;

export const language = /* @__PURE__ */ oneOf("be", "ru", "en");
export type Language = Decoded<typeof language>;

export const accountShape = /* @__PURE__ */ record({
  id: string,
  login: string,
  name: string,
  role: globalRole,
  organisation: nullable(string),
  language: nullable(language),
  has_openid: boolean,
  disabled_at: nullable(instant),
  version: number,
});
export type AccountShape = Decoded<typeof accountShape>;

export const newAccountAnswer = /* @__PURE__ */ record({
  account: accountShape,
  password: nullable(string),
});
export type NewAccountAnswer = Decoded<typeof newAccountAnswer>;

export const newPasswordAnswer = /* @__PURE__ */ record({
  password: string,
});
export type NewPasswordAnswer = Decoded<typeof newPasswordAnswer>;

export const meetingRole = /* @__PURE__ */ oneOf("co_chair", "secretary", "operator", "technician");
export type MeetingRole = Decoded<typeof meetingRole>;

export const assignmentShape = /* @__PURE__ */ record({
  meeting: number,
  role: meetingRole,
});
export type AssignmentShape = Decoded<typeof assignmentShape>;

export const ownAccountAnswer = /* @__PURE__ */ record({
  id: string,
  login: string,
  name: string,
  role: globalRole,
  organisation: nullable(string),
  language: nullable(language),
  has_openid: boolean,
  disabled_at: nullable(instant),
  version: number,
  assignments: list(assignmentShape),
  can_plan: boolean,
  can_keep_accounts: boolean,
});
export type OwnAccountAnswer = Decoded<typeof ownAccountAnswer>;

export const sessionShape = /* @__PURE__ */ record({
  id: string,
  began_at: instant,
  seen_at: instant,
  device: string,
  is_current: boolean,
});
export type SessionShape = Decoded<typeof sessionShape>;
