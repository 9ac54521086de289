// What the cabinet asks of the server, one function for each act.
import { ask, tell } from "./client";
import { nullable, record, string, oneOf, type Decoded } from "./decode";

const account = record({ id: string, login: string, name: string, role: oneOf("admin", "organiser", "operator", "viewer"), organisation: nullable(string) });
export type Account = Decoded<typeof account>;

export const readAccount = (): Promise<Account> => ask("/api/v1/session", account);
export const signIn = (login: string, password: string): Promise<Account> => ask("/api/v1/session", account, { method: "POST", body: { login, password } });
export const signOut = (): Promise<void> => tell("/api/v1/session", { method: "DELETE" });
