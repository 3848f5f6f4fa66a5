import type { Spoken } from './charger.ts';
import type { Arrival } from './crowd.ts';
import type { Credentials, PagesReading } from './pages.ts';
import type { TallyReading } from './tally.ts';
import type { VisitsReading, Visitor } from './visitors.ts';

/** What the bench may ask of a load process, and what comes back. */
export type LoadCommands = {
  /** `atOnce`: how many chargers may be between dialling and reported at the same moment. */
  connect: {
    ask: {
      readonly url: string;
      /** JSON unless told. */
      readonly spoken?: Spoken;
      readonly count: number;
      readonly atOnce: number;
      readonly connectorsReported: number;
    };
    answer: Arrival;
  };
  startTransactions: { ask: { readonly count: number }; answer: null };
  saturate: { ask: null; answer: null };
  pour: { ask: { readonly perSecond: number }; answer: null };
  change: { ask: { readonly perSecond: number }; answer: null };
  rest: { ask: null; answer: null };
  /** How many chargers wait for an answer now, and how many have no link. */
  standing: { ask: null; answer: { readonly unanswered: number; readonly unlinked: number } };
  disconnect: { ask: null; answer: null };
  reset: { ask: null; answer: null };
  read: { ask: null; answer: TallyReading };
  openPages: {
    ask: { readonly webUrl: string; readonly credentials: Credentials; readonly paths: readonly string[] };
    answer: null;
  };
  fetch: {
    ask: { readonly path: string };
    answer: { readonly tookMs: number; readonly bytes: number; readonly status: number };
  };
  readPages: { ask: null; answer: PagesReading };
  closePages: { ask: null; answer: null };
  visit: { ask: { readonly webUrl: string; readonly visitors: readonly Visitor[] }; answer: null };
  browse: { ask: { readonly forMs: number }; answer: VisitsReading };
};

export type LoadCommand = keyof LoadCommands;
