import type { Context } from 'hono';
import type { Level } from '#src/domain/office/account.ts';
import { platformViewer, type Viewer } from '#src/domain/office/viewer.ts';
import type { Language, Translate } from '#web/i18n/t.ts';

export type Theme = 'auto' | 'light' | 'dark';

/** The version of the pages (GEN-02), and whether it is another than that of the device, which fits by its width. */
export type Layout = { readonly shown: 'mobile' | 'desktop'; readonly isForced: boolean };

/** Who is signed in. `tokenHash` names the login, so that signing out can end its streams. */
export type SignedIn = Viewer & {
  readonly displayName: string;
  readonly tokenHash: string;
  /** Null for the operator account of the configuration. */
  readonly userId: string | null;
  readonly mustChange: boolean;
  /** Of his pages, wherever he signs in (GEN-07); null: as the cookie of the browser says. */
  readonly language: Language | null;
  /** The account that he has entered, whose viewer this is (ABO-02); null: his own. */
  readonly entered: Level | null;
  /** The accounts that he may enter from his own. */
  readonly below: readonly Level[];
  /** Is this the login of a customer (MOD-18)? */
  readonly isCustomer: boolean;
};

/** The server itself, which reads once for many pages. */
export function serverLogin(name: string): SignedIn {
  const nobody = { tokenHash: '', userId: null, mustChange: false, language: null, entered: null };
  const alone = { below: [], isCustomer: false };
  return { ...platformViewer(name), displayName: name, ...nobody, ...alone };
}

/** What the middleware of `web/app.ts` leaves for every page. `login` is there on every page behind the login. */
export type WebEnv = {
  Variables: {
    t: Translate;
    theme: Theme;
    layout: Layout;
    login: SignedIn;
    requestId: string;
    /** Where the request came from. */
    address: string;
    nowMs: number;
    /** How many reviews wait, for the menu; null when that is not known. */
    waiting: number | null;
    /** For a page that reads for long, a little at a time: nobody waits behind it any more (`web/door/turns.ts`). */
    leaveTurn: () => void;
  };
};
export type PageContext = Context<WebEnv>;
