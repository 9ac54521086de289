// Who works in the cabinet: signed out, signing in, signed in. When the server ends a session under somebody's hands, the
// page stays with everything typed on it and asks to sign in again over it.
import { ApiError } from "../../api/client";
import type { OpenIdWay, OwnAccountAnswer as Account, WaysAnswer } from "../../api/shapes";
import { Observable } from "../../media/observable";

export interface SessionState {
  readonly step: "opening" | "unreachable" | "signedOut" | "signedIn";
  readonly account: Account | null;
  readonly isBusy: boolean;
  /** Why the last attempt was refused. */
  readonly refusal: ApiError | null;
  /** The organisation's own provider, where one is set. */
  readonly provider: OpenIdWay | null;
  /** The session ended while the page is in use. */
  readonly hasEnded: boolean;
}

export interface SessionDoor {
  readonly readAccount: () => Promise<Account>;
  readonly signIn: (login: string, password: string) => Promise<Account>;
  readonly signOut: () => Promise<void>;
  readonly readWays: () => Promise<WaysAnswer>;
}

const isSignedOut = (error: unknown): boolean => error instanceof ApiError && error.status === 401;

export class Session extends Observable<SessionState> {
  constructor(private readonly door: SessionDoor) {
    super({ step: "opening", account: null, isBusy: false, refusal: null, provider: null, hasEnded: false });
  }

  async open(): Promise<void> {
    this.change({ step: "opening", refusal: null });
    try {
      this.change({ step: "signedIn", account: await this.door.readAccount() });
    } catch (error) {
      this.change(isSignedOut(error) ? { step: "signedOut" } : { step: "unreachable", refusal: asRefusal(error) });
    }
    await this.learnWays();
  }

  /** A house that does not say how else one may sign in has the password all the same. */
  private async learnWays(): Promise<void> {
    try {
      this.change({ provider: (await this.door.readWays()).openid });
    } catch {
      return;
    }
  }

  async signIn(login: string, password: string): Promise<void> {
    if (this.snapshot().isBusy) return;
    this.change({ isBusy: true, refusal: null });
    try {
      const account = await this.door.signIn(login, password);
      // Another person's session must not send what the first one typed.
      const isOther = this.snapshot().hasEnded && account.id !== this.snapshot().account?.id;
      this.change({ step: "signedIn", account, isBusy: false, hasEnded: false });
      if (isOther) this.onOtherPerson();
    } catch (error) {
      this.change({ isBusy: false, refusal: asRefusal(error) });
    }
  }

  async signOut(): Promise<void> {
    try {
      await this.door.signOut();
    } catch (error) {
      if (!isSignedOut(error)) {
        this.change({ refusal: asRefusal(error) });
        return;
      }
    }
    this.change({ step: "signedOut", account: null, hasEnded: false, refusal: null });
  }

  /** Every act of the cabinet goes through here, so that an ended session is noticed wherever it is met. */
  readonly run = async <T>(act: () => Promise<T>): Promise<T> => {
    try {
      return await act();
    } catch (error) {
      if (isSignedOut(error) && this.snapshot().step === "signedIn") this.change({ hasEnded: true });
      throw error;
    }
  };

  /** Set by the entry: begins the page anew. */
  onOtherPerson: () => void = () => undefined;
}

function asRefusal(error: unknown): ApiError {
  return error instanceof ApiError ? error : new ApiError("internal_error", null, { cause: error });
}
