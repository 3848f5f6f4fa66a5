import { en } from './en.ts';
import { englishAccount } from './en-account.ts';
import { englishAlerts } from './en-alerts.ts';
import { englishComponents } from './en-components.ts';
import { englishFiles } from './en-files.ts';
import { englishCustomers } from './en-customers.ts';
import { englishInstall } from './en-install.ts';
import { englishJournal } from './en-journal.ts';
import { englishNotes } from './en-notes.ts';
import { englishOffice } from './en-office.ts';
import { englishOpenData } from './en-open-data.ts';
import { englishOrders } from './en-orders.ts';
import { englishPast } from './en-past.ts';
import { englishPlaces } from './en-places.ts';
import { englishPost } from './en-post.ts';
import { englishProfiles } from './en-profiles.ts';
import { englishPulse } from './en-pulse.ts';
import { englishQuirks } from './en-quirks.ts';
import { englishRecharges } from './en-recharges.ts';
import { englishReviews } from './en-reviews.ts';
import { englishRoaming } from './en-roaming.ts';
import { englishSecurity } from './en-security.ts';
import { englishSoap } from './en-soap.ts';
import { fr } from './fr.ts';
import { frenchAccount } from './fr-account.ts';
import { frenchAlerts } from './fr-alerts.ts';
import { frenchComponents } from './fr-components.ts';
import { frenchFiles } from './fr-files.ts';
import { frenchCustomers } from './fr-customers.ts';
import { frenchInstall } from './fr-install.ts';
import { frenchJournal } from './fr-journal.ts';
import { frenchNotes } from './fr-notes.ts';
import { frenchOffice } from './fr-office.ts';
import { frenchOpenData } from './fr-open-data.ts';
import { frenchOrders } from './fr-orders.ts';
import { frenchPast } from './fr-past.ts';
import { frenchPlaces } from './fr-places.ts';
import { frenchPost } from './fr-post.ts';
import { frenchProfiles } from './fr-profiles.ts';
import { frenchPulse } from './fr-pulse.ts';
import { frenchQuirks } from './fr-quirks.ts';
import { frenchRecharges } from './fr-recharges.ts';
import { frenchReviews } from './fr-reviews.ts';
import { frenchRoaming } from './fr-roaming.ts';
import { frenchSecurity } from './fr-security.ts';
import { frenchSoap } from './fr-soap.ts';
import { englishStations } from './en-stations.ts';
import { frenchStations } from './fr-stations.ts';
import { englishWeather } from './en-weather.ts';
import { frenchWeather } from './fr-weather.ts';
import type { Messages } from './messages.ts';
import { frenchSpacing } from './typography.ts';

const french: Messages = {
  ...fr,
  ...frenchAccount,
  ...frenchAlerts,
  ...frenchComponents,
  ...frenchFiles,
  ...frenchCustomers,
  ...frenchInstall,
  ...frenchJournal,
  ...frenchNotes,
  ...frenchOffice,
  ...frenchOpenData,
  ...frenchOrders,
  ...frenchPast,
  ...frenchPlaces,
  ...frenchPost,
  ...frenchProfiles,
  ...frenchPulse,
  ...frenchQuirks,
  ...frenchRecharges,
  ...frenchReviews,
  ...frenchRoaming,
  ...frenchSecurity,
  ...frenchSoap,
  ...frenchStations,
  ...frenchWeather,
};
const english: Messages = {
  ...en,
  ...englishAccount,
  ...englishAlerts,
  ...englishComponents,
  ...englishFiles,
  ...englishCustomers,
  ...englishInstall,
  ...englishJournal,
  ...englishNotes,
  ...englishOffice,
  ...englishOpenData,
  ...englishOrders,
  ...englishPast,
  ...englishPlaces,
  ...englishPost,
  ...englishProfiles,
  ...englishPulse,
  ...englishQuirks,
  ...englishRecharges,
  ...englishReviews,
  ...englishRoaming,
  ...englishSecurity,
  ...englishSoap,
  ...englishStations,
  ...englishWeather,
};

/** French first: it is the default, and what an unknown cookie falls back to. */
export const LANGUAGES = ['fr', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

type Arguments<K extends keyof Messages> = Messages[K] extends (...args: infer A) => string ? A : [];

/** The texts of one language. It carries its language and a zone, so that figures and dates are written for the same reader. */
export type Translate = {
  <K extends keyof Messages>(key: K, ...args: Arguments<K>): string;
  readonly language: Language;
  /** IANA name: whose clocks its dates show. */
  readonly timeZone: string;
};

const messagesOf: Readonly<Record<Language, Messages>> = { fr: printed(french), en: english };
/** By language and zone; zones are names that this machine knows, so that there are some hundreds at most. */
const kept = new Map<string, Translate>();

export function translator(language: Language, timeZone: string): Translate {
  const key = `${language} ${timeZone}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  const made = build(language, timeZone, messagesOf[language]);
  kept.set(key, made);
  return made;
}

export function asLanguage(text: string | undefined): Language {
  return text === 'en' ? 'en' : 'fr';
}

const withoutArguments: ReadonlySet<string> = new Set(
  Object.entries(french).flatMap(([key, text]) => (typeof text === 'string' ? [key] : [])),
);

/** The text of a key that came from outside, such as a charger's status: null when there is no such text. */
export function translated(t: Translate, key: string): string | null {
  return withoutArguments.has(key) ? (t as (key: string) => string)(key) : null;
}

/** Once for texts, and with each call for those that are made of arguments. */
function printed(messages: Messages): Messages {
  const entries = Object.entries(messages).map(([key, message]) => {
    if (typeof message === 'string') return [key, frenchSpacing(message)];
    const say = message as (...args: unknown[]) => string;
    // What has no such sign in its own words costs nothing more: rows of lists are made of these.
    const source = say.toString();
    return [key, source === frenchSpacing(source) ? say : (...args: unknown[]) => frenchSpacing(say(...args))];
  });
  return Object.fromEntries(entries) as Messages;
}

function build(language: Language, timeZone: string, messages: Messages): Translate {
  const translate = (key: keyof Messages, ...args: unknown[]): string => {
    const message = messages[key] as string | ((...args: unknown[]) => string);
    return typeof message === 'string' ? message : message(...args);
  };
  return Object.assign(translate as Translate, { language, timeZone });
}
