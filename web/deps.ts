import type { Directory } from '#actors/directory.ts';
import type { Accounts, SecondFactors } from '#src/domain/office/account.ts';
import type { ChargerSecurity } from '#src/domain/charger-security.ts';
import type { IncomingSms } from '#src/domain/incoming-sms.ts';
import type { Files } from '#src/storage/files-port.ts';
import type { Places } from '#src/domain/places.ts';
import type { OutboxChannel } from '#src/domain/post.ts';
import type { Weather } from '#src/domain/weather.ts';
import type { PostStore } from '#src/storage/post-port.ts';
import type { EventRow, StoredEvent, StoreHealth } from '#src/storage/ports.ts';
import type { Registry } from '#src/storage/registry-port.ts';

/** What the health page and the two probes tell. */
export type HealthReport = {
  readonly storage: StoreHealth;
  readonly linkedChargePoints: number;
  readonly startedAtMs: number;
  readonly version: string;
};

/** What the login page of a demonstration gives away. */
export type Demo = {
  /** Each sees another part of the demonstration. */
  readonly logins: readonly {
    readonly username: string;
    readonly who: 'maintainer' | 'merchant' | 'neighbour' | 'integrator' | 'customer' | 'operator';
  }[];
  /** Of all of them. */
  readonly password: string;
  /** Where a charger may be pointed, e.g. `ws://localhost:8189/`. */
  readonly addresses: readonly { readonly label: string; readonly url: string }[];
  readonly badges: readonly { readonly kind: 'accepted' | 'blocked' | 'expired' | 'test'; readonly idTag: string }[];
  readonly apiToken: string;
  /** What its simulated chargers go through, to be looked at and changed while they run. */
  readonly simulator: { readonly weather: () => Weather; readonly change: (weather: Weather) => void };
};

/** A line of the journal with our closed words in the reader's language; frames are as they were. */
export type SpokenEvent = Omit<StoredEvent, 'kind'> & { readonly kind: string; readonly sentence: string };

export type ExportFormat = 'xlsx' | 'csv';
export type EventExport = {
  readonly format: ExportFormat;
  /** Newest first. */
  readonly events: AsyncIterable<SpokenEvent>;
  readonly timeZone: string;
  readonly language: 'fr' | 'en';
};

/** Mail and SMS, as pages use them. */
export type WebPost = Pick<PostStore, 'queue' | 'list' | 'retry'> & {
  /** The channels by which messages leave; those of the others stay in the outbox. */
  readonly transports: ReadonlySet<OutboxChannel>;
  /**
   * The address of a page for a message, from the settings alone: what a browser says of our name (its Host header) is
   * the asker's word, and would lead the recipient of a password link to a place of the asker's choice.
   */
  readonly addressOf: (path: string) => string;
};

export type IncomingSmsDoor = {
  /** In the address that the provider was given: whoever has it may speak for any telephone. */
  readonly secret: string;
  /** How the provider names the sender, the text and, where it has one, the id. */
  readonly fields: readonly string[];
  /** Resolves when what follows is on disk. */
  readonly received: (sms: IncomingSms) => Promise<unknown>;
};

/** Who runs this server, for links and for the pages that the law asks for. Null: not configured. */
export type Site = {
  /** `https://vigie.example`. */
  readonly publicUrl: string | null;
  readonly publisher: string | null;
  readonly publisherAddress: string | null;
  readonly contact: string | null;
  readonly host: string | null;
};

export type Log = {
  error(details: Record<string, unknown>, message: string): void;
  warn(details: Record<string, unknown>, message: string): void;
  info(details: Record<string, unknown>, message: string): void;
};

/** Everything that pages need from outside. No member has a default: a forgotten one is a type error. */
export type WebDeps = {
  readonly actors: Directory;
  readonly accounts: Accounts;
  /** Addresses and positions, one from the other. */
  readonly places: Places;
  readonly secondFactors: SecondFactors;
  readonly registry: Pick<
    Registry,
    'login' | 'loginsOf' | 'putLogin' | 'deleteLogin' | 'deleteExpiredLogins' | 'apiToken'
  >;
  readonly health: () => HealthReport;
  readonly now: () => number;
  /** At least 122 random bits, as text that fits a URL and a cookie: command ids, login tokens, request ids. */
  readonly newId: () => string;
  /** 32 random bytes as hexadecimal digits: the key of a kit. */
  readonly newKey: () => string;
  /** Runs `run` every `intervalMs` until the returned function is called. */
  readonly every: (intervalMs: number, run: () => void) => () => void;
  readonly verifyPassword: (password: string, hash: string) => Promise<boolean>;
  /** The bytes of an export file, or null where exports are not installed: the links are then left out. */
  readonly exportEvents: ((request: EventExport) => AsyncIterable<Uint8Array>) | null;
  readonly chargerSecurity: ChargerSecurity;
  /** Files that chargers fetch and leave; null where the drop is off. */
  readonly files: Files | null;
  readonly post: WebPost;
  /** SMS that people send to charge (SOC-10), as their provider tells of them; null where that is closed. */
  readonly incomingSms: IncomingSmsDoor | null;
  readonly site: Site;
  /** IANA name: whose clocks pages show, and whose days a journal has. */
  readonly timeZone: string;
  /** Adds a line to the journal: who signed in, who could not. */
  readonly note: (event: EventRow) => void;
  /** How long lines of the journal stay. */
  readonly journalKept: { readonly debugMs: number; readonly othersMs: number };
  /** How many proxies of ours stand in front. */
  readonly proxies: number;
  readonly demo: Demo | null;
  readonly log: Log;
};
