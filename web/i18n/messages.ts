import type { fr } from './fr.ts';
import type { frenchAccount } from './fr-account.ts';
import type { frenchAlerts } from './fr-alerts.ts';
import type { frenchComponents } from './fr-components.ts';
import type { frenchFiles } from './fr-files.ts';
import type { frenchCustomers } from './fr-customers.ts';
import type { frenchInstall } from './fr-install.ts';
import type { frenchJournal } from './fr-journal.ts';
import type { frenchNotes } from './fr-notes.ts';
import type { frenchOffice } from './fr-office.ts';
import type { frenchOpenData } from './fr-open-data.ts';
import type { frenchOrders } from './fr-orders.ts';
import type { frenchPast } from './fr-past.ts';
import type { frenchPlaces } from './fr-places.ts';
import type { frenchPost } from './fr-post.ts';
import type { frenchProfiles } from './fr-profiles.ts';
import type { frenchPulse } from './fr-pulse.ts';
import type { frenchQuirks } from './fr-quirks.ts';
import type { frenchRecharges } from './fr-recharges.ts';
import type { frenchReviews } from './fr-reviews.ts';
import type { frenchRoaming } from './fr-roaming.ts';
import type { frenchSecurity } from './fr-security.ts';
import type { frenchSoap } from './fr-soap.ts';
import type { frenchStations } from './fr-stations.ts';
import type { frenchWeather } from './fr-weather.ts';

type French = typeof fr &
  typeof frenchAccount &
  typeof frenchAlerts &
  typeof frenchComponents &
  typeof frenchFiles &
  typeof frenchCustomers &
  typeof frenchInstall &
  typeof frenchJournal &
  typeof frenchNotes &
  typeof frenchOffice &
  typeof frenchOpenData &
  typeof frenchOrders &
  typeof frenchPast &
  typeof frenchPlaces &
  typeof frenchPost &
  typeof frenchProfiles &
  typeof frenchPulse &
  typeof frenchQuirks &
  typeof frenchRecharges &
  typeof frenchReviews &
  typeof frenchRoaming &
  typeof frenchSecurity &
  typeof frenchSoap &
  typeof frenchStations &
  typeof frenchWeather;

/** Every text of the interface. French decides the keys and arguments; a language that lacks one does not compile. */
export type Messages = {
  readonly [K in keyof French]: French[K] extends (...args: infer A) => string ? (...args: A) => string : string;
};
/** The part of `Messages` about commands beyond Core. */
export type ProfileMessages = Pick<Messages, keyof typeof frenchProfiles>;
/** The part of `Messages` about how chargers prove who they are. */
export type SecurityMessages = Pick<Messages, keyof typeof frenchSecurity>;
/** The part of `Messages` about files between the server and chargers. */
export type FileMessages = Pick<Messages, keyof typeof frenchFiles>;
/** The part of `Messages` about customers. */
export type CustomerMessages = Pick<Messages, keyof typeof frenchCustomers>;
/** The part of `Messages` about installing a charger. */
export type InstallMessages = Pick<Messages, keyof typeof frenchInstall>;
/** The part of `Messages` about the page of components. */
export type ComponentMessages = Pick<Messages, keyof typeof frenchComponents>;
/** The part of `Messages` that describes the event journal, in a file of its own. */
export type JournalMessages = Pick<Messages, keyof typeof frenchJournal>;
/** The closed words of its notes. */
export type NoteMessages = Pick<Messages, keyof typeof frenchNotes>;
/** The part of `Messages` about what people keep. */
export type OfficeMessages = Pick<Messages, keyof typeof frenchOffice>;
/** The part of `Messages` about the national list of stations. */
export type OpenDataMessages = Pick<Messages, keyof typeof frenchOpenData>;
/** The part of `Messages` about a charger as it was. */
export type PastMessages = Pick<Messages, keyof typeof frenchPast>;
/** The part of `Messages` about what a charger is told to do. */
export type OrderMessages = Pick<Messages, keyof typeof frenchOrders>;
/** The part of `Messages` about addresses, positions and time zones. */
export type PlaceMessages = Pick<Messages, keyof typeof frenchPlaces>;
/** The part of `Messages` about alerts. */
export type AlertMessages = Pick<Messages, keyof typeof frenchAlerts>;
/** The part of `Messages` about mail and SMS. */
export type PostMessages = Pick<Messages, keyof typeof frenchPost>;
/** The part of `Messages` about what chargers were forgiven. */
export type QuirkMessages = Pick<Messages, keyof typeof frenchQuirks>;
/** The part of `Messages` about Pulse kits. */
export type PulseMessages = Pick<Messages, keyof typeof frenchPulse>;
/** The part of `Messages` about a station's form beyond its fields. */
export type StationMessages = Pick<Messages, keyof typeof frenchStations>;
/** The part of `Messages` about recharges. */
export type RechargeMessages = Pick<Messages, keyof typeof frenchRecharges>;
/** The part of `Messages` about what waits for a person. */
export type ReviewMessages = Pick<Messages, keyof typeof frenchReviews>;
/** The part of `Messages` about the door and one's own account. */
export type AccountMessages = Pick<Messages, keyof typeof frenchAccount>;
/** The part of `Messages` about chargers that speak SOAP. */
export type SoapMessages = Pick<Messages, keyof typeof frenchSoap>;
/** The part of `Messages` about the weather of simulated chargers. */
export type WeatherMessages = Pick<Messages, keyof typeof frenchWeather>;
export type InterfaceMessages = Pick<Messages, keyof typeof fr>;
export type MessageKey = keyof Messages;
/** The part of `Messages` about statuses for roaming partners. */
export type RoamingMessages = Pick<Messages, keyof typeof frenchRoaming>;
