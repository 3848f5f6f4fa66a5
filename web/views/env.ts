import type { Context } from 'hono';
import { platformViewer, type Viewer } from '#src/domain/office/viewer.ts';
import type { Language, Translate } from '#web/i18n/t.ts';

export type Theme = 'auto' | 'light' | 'dark';

/** Who is signed in. `tokenHash` names the login, so that signing out can end its streams. */
export type SignedIn = Viewer & {
  readonly displayName: string;
  readonly tokenHash: string;
  /** Null for the operator account of the configuration. */
  readonly userId: string | null;
  readonly mustChange: boolean;
  /** Of his pages, wherever he signs in (GEN-07); null: as the cookie of the browser says. */
  readonly language: Language | null;
};

/** The server itself, which reads once for many pages. */
export function serverLogin(name: string): SignedIn {
  return { ...platformViewer(name), displayName: name, tokenHash: '', userId: null, mustChange: false, language: null };
}

/** What the middleware of `web/app.ts` leaves for every page. `login` is there on every page behind the login. */
export type WebEnv = {
  Variables: {
    t: Translate;
    theme: Theme;
    login: SignedIn;
    requestId: string;
    nowMs: number;
    /** How many reviews wait, for the menu; null when that is not known. */
    waiting: number | null;
  };
};
export type PageContext = Context<WebEnv>;
