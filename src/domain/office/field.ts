import { idTagKey } from '../ids.ts';

/**
 * What a form field may hold, how what people type is read, and how it is written back. A field is a declaration; the
 * same one drives the form, the list, the export, the column of its table and the tests that feed it nonsense.
 */

/** Text as it is kept, a whole number (units in the field's declaration), a truth, ids, or nothing. */
export type Value = string | number | boolean | readonly string[] | null;
export type Values = Readonly<Record<string, Value>>;

type Common = { readonly required?: true };
/** The shape that a text must have, beyond its length. */
export type TextShape =
  | 'email'
  | 'phone'
  | 'username'
  | 'identity'
  | 'cpo-id'
  | 'station-roaming-id'
  | 'point-roaming-id'
  | 'url'
  | 'file-url'
  | 'time-zone'
  | 'offset'
  | 'postcode'
  | 'siren'
  | 'schedule'
  | 'time'
  | 'iccid'
  | 'badge';

export type TextField = Common & {
  readonly kind: 'text';
  readonly max: number;
  readonly lines?: number;
  readonly shape?: TextShape;
  /** Numbers that it may well be are offered, by what is in another field; any other may be typed (LAF-02). */
  readonly suggests?: { readonly of: 'kits'; readonly by: string };
  /** No two live records may have it: of the same subscriber, or of the whole server. Letter case does not count. */
  readonly unique?: 'subscriber' | 'server';
};
/** Kept as a whole number of `10 ** -decimals` of the unit: 32.5 A with 3 decimals is 32500. Bounds are of what is kept. */
export type NumberField = Common & {
  readonly kind: 'number';
  readonly decimals: number;
  readonly min: number;
  readonly max: number;
  readonly unit?: string;
};
export type FlagField = { readonly kind: 'flag' };
export type ChoiceField = Common & {
  readonly kind: 'choice';
  readonly values: readonly string[];
  /** What choosing nothing means; such a field is never empty. */
  readonly fallback?: string;
};
/** A day, kept as `YYYY-MM-DD`. */
export type DateField = Common & { readonly kind: 'date' };
/** A moment, in ms since 1970, that the server itself keeps: nobody types it. */
export type InstantField = { readonly kind: 'instant' };
/** Latitude and longitude in degrees, kept and written as `44.89864;-0.51624` (STA-10). */
export type PositionField = Common & { readonly kind: 'position' };
/** One record of another entity, by its id; it must be one that the user can find. */
export type RefField = Common & { readonly kind: 'ref'; readonly to: string };
/** Several of them: two lists with arrows (FIC-04). */
export type RefsField = { readonly kind: 'refs'; readonly to: string };
/** Some of a few words, each with a box to tick. */
export type ManyField = { readonly kind: 'many'; readonly values: readonly string[] };
/** For each of these a level of `LEVELS`; kept as `companies:modify`, and left out for `none` (USR-04). */
export type LevelsField = { readonly kind: 'levels'; readonly of: readonly string[] };

export type Field =
  | TextField
  | NumberField
  | FlagField
  | ChoiceField
  | DateField
  | InstantField
  | PositionField
  | RefField
  | RefsField
  | ManyField
  | LevelsField;

/** Rules between fields; each has its sentence in `web/i18n`. */
export type Rule =
  | 'current-below-minimum'
  | 'no-outlet'
  | 'connector-of-point'
  | 'soap-one-way'
  | 'soap-no-way'
  | 'soap-url'
  | 'soap-path'
  | 'soap-port'
  | 'power-range'
  | 'power-below-permanent'
  | 'badge-twice'
  | 'badge-number'
  | 'terms';

/** What is wrong with what was typed; a sentence in the reader's language is made of it. */
export type Fault =
  | { readonly why: 'required' }
  | { readonly why: 'too-long'; readonly max: number }
  | { readonly why: 'control-characters' }
  | { readonly why: 'shape'; readonly shape: TextShape }
  | { readonly why: 'not-a-number' }
  | { readonly why: 'decimals'; readonly decimals: number }
  | { readonly why: 'out-of-range'; readonly min: number; readonly max: number; readonly decimals: number }
  | { readonly why: 'not-a-choice' }
  | { readonly why: 'not-a-date' }
  | { readonly why: 'not-a-position' }
  | { readonly why: 'taken' }
  | { readonly why: 'not-found' }
  /** A connectorId belongs to one point: `evse` has it already (OCP-06). */
  | { readonly why: 'connector-shared'; readonly evse: number }
  /** What its field and others say of one another. */
  | { readonly why: 'rule'; readonly rule: Rule }
  /** It would give more than who asks has himself. */
  | { readonly why: 'beyond-own' }
  /** The administrator's, or his own, who asks. */
  | { readonly why: 'protected' }
  /** USR-11: the administrator's role keeps all rights, and an account somebody who has them. */
  | { readonly why: 'administrators-role' }
  | { readonly why: 'last-administrator' };

export type Read = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly fault: Fault };

/** How many of a `refs` field: a restriction to more than this is a company of its own. */
export const REFS_MAX = 2_000;
const ID = /^[\w.:-]{1,80}$/;
const NUMBER_CHARACTERS_MAX = 30;

const DAY = '(?:Mo|Tu|We|Th|Fr|Sa|Su)';
const TIME = '(?:[01]\\d|2[0-4]):[0-5]\\d';
const HOURS = `(?:${DAY}(?:-${DAY})? )?${TIME}-${TIME}`;
/** The days of the French week, by what the schedule calls them. */
const FRENCH_DAYS = { lu: 'Mo', ma: 'Tu', me: 'We', je: 'Th', ve: 'Fr', sa: 'Sa', di: 'Su' } as const;

const SHAPES: Readonly<Record<TextShape, RegExp>> = {
  // As the HTML standard checks it, and with a domain that has a dot.
  email: /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?)+$/i,
  phone: /^\+?\d{6,15}$/,
  username: /^[\w.@+-]{3,50}$/,
  // OCPP-J 1.6: an identity is part of a URL; the manual's chargers keep to this.
  // What begins like a kit's is a kit's.
  identity: /^(?!kit:)[\w.:+*~@=-]{1,48}$/i,
  'cpo-id': /^[A-Z]{2}\*[A-Z\d]{3}$/,
  // AFIREV, as the national list wants them: without separators, P for a station and E for a point.
  'station-roaming-id': /^[A-Z]{2}[A-Z\d]{3}P[A-Z\d]{1,29}$/,
  'point-roaming-id': /^[A-Z]{2}[A-Z\d]{3}E[A-Z\d]{1,29}$/,
  url: /^(?:https?|wss?):\/\/[^\s/?#]+[^\s]*$/i,
  'file-url': /^(?:https?|ftps?):\/\/[^\s/?#]+[^\s]*$/i,
  'time-zone': /^[A-Za-z]+(?:\/[\w+-]+){0,2}$/,
  offset: /^[+-](?:0\d|1[0-4]):[0-5]\d$/,
  time: /^(?:[01]\d|2[0-3]):[0-5]\d$/,
  // What stands on a SIM card; the manual's are shorter than the 19 or 20 digits of today.
  iccid: /^\d{10,22}$/,
  // As chargers read it off a card (IMP-02: 40 characters), or the number that an SMS comes from.
  badge: /^[\w.+*@=-]{1,40}$/,
  postcode: /^[\dA-Z][\dA-Z -]{1,9}$/i,
  siren: /^\d{9}$/,
  // As the national list of stations wants it: `24/7`, or `Mo-Fr 08:00-12:00,Sa 09:00-12:00`.
  schedule: new RegExp(`^(?:24/7|${HOURS}(?:,${HOURS})*)$`),
};

/** Reads what was posted for a field. `posted` holds every value of that name; none for a box that is not ticked. */
export function readField(field: Field, posted: readonly string[]): Read {
  if (field.kind === 'flag') return { ok: true, value: posted.length > 0 && posted.at(-1) !== '' };
  if (field.kind === 'refs') return readRefs(posted);
  if (field.kind === 'many') return readWords(posted, (word) => field.values.includes(word));
  if (field.kind === 'levels') return readWords(posted, (word) => isLevelOf(field, word));
  const typed = tidy(posted.at(-1) ?? '');
  if (typed === '') {
    if (field.kind === 'choice' && field.fallback !== undefined) return { ok: true, value: field.fallback };
    return 'required' in field && field.required
      ? { ok: false, fault: { why: 'required' } }
      : { ok: true, value: null };
  }
  switch (field.kind) {
    case 'text':
      return readText(field, typed);
    case 'number':
      return readNumber(field, typed);
    case 'choice':
      return field.values.includes(typed) ? { ok: true, value: typed } : { ok: false, fault: { why: 'not-a-choice' } };
    case 'date':
      return readDate(typed);
    case 'instant':
      return /^\d{1,15}$/.test(typed)
        ? { ok: true, value: Number(typed) }
        : { ok: false, fault: { why: 'not-a-date' } };
    case 'position':
      return readPosition(typed);
    case 'ref':
      return ID.test(typed) ? { ok: true, value: typed } : { ok: false, fault: { why: 'not-found' } };
  }
}

/** What an input of the form shows for a value: what `readField` reads back as the same value. */
export function writeField(field: Field, value: Value, language: 'fr' | 'en'): string {
  if (value === null || typeof value === 'object') return '';
  if (field.kind !== 'number') return value === true ? '1' : value === false ? '' : String(value);
  const text = (Number(value) / 10 ** field.decimals).toFixed(field.decimals);
  // A sum of money is written in full.
  const trimmed = text.includes('.') && field.unit !== '€' ? text.replace(/\.?0+$/, '') : text;
  return language === 'fr' ? trimmed.replace('.', ',') : trimmed;
}

function readText(field: TextField, typed: string): Read {
  const lines = field.lines === undefined ? typed : typed.replaceAll('\r\n', '\n');
  // oxlint-disable-next-line no-control-regex -- nothing but line ends may be in a text, and those only where there are lines
  if ((field.lines === undefined ? /[\u0000-\u001f\u007f]/ : /[\u0000-\u0009\u000b-\u001f\u007f]/).test(lines)) {
    return { ok: false, fault: { why: 'control-characters' } };
  }
  const text = field.shape === undefined ? lines : shaped(field.shape, lines);
  if (text.length > field.max) return { ok: false, fault: { why: 'too-long', max: field.max } };
  if (field.shape !== undefined && !fitsShape(field.shape, text)) {
    return { ok: false, fault: { why: 'shape', shape: field.shape } };
  }
  return { ok: true, value: text };
}

/** What people paste, in the one form that is kept: phone numbers without their spaces, addresses in lower case. */
function shaped(shape: TextShape, text: string): string {
  if (shape === 'phone') return text.replace(/[\s.()-]/g, '');
  if (shape === 'iccid') return text.replace(/\s/g, '');
  if (shape === 'time')
    return text.replace(
      /^(\d{1,2})\s*[h:]\s*(\d\d)$/i,
      (_, hour: string, minute: string) => `${hour.padStart(2, '0')}:${minute}`,
    );
  if (shape === 'email') return text.toLowerCase();
  if (shape === 'badge') return idTagKey(text);
  if (shape === 'siren') return text.replace(/\s/g, '');
  if (shape === 'station-roaming-id' || shape === 'point-roaming-id') return text.toUpperCase().replace(/[\s*-]/g, '');
  if (shape === 'schedule') {
    return text.replace(/\s*([,-])\s*/g, '$1').replace(/\b(lu|ma|me|je|ve|sa|di)\b/gi, (day) => {
      return FRENCH_DAYS[day.toLowerCase() as keyof typeof FRENCH_DAYS];
    });
  }
  if (shape === 'cpo-id' || shape === 'postcode')
    return text.toUpperCase().replace('-', shape === 'cpo-id' ? '*' : '-');
  return text;
}

function fitsShape(shape: TextShape, text: string): boolean {
  if (!SHAPES[shape].test(text)) return false;
  if (shape === 'url' || shape === 'file-url') return URL.canParse(text);
  if (shape === 'siren') return isLuhn(text);
  return shape !== 'time-zone' || isTimeZone(text);
}

/** The check digit that a SIREN ends with. */
function isLuhn(digits: string): boolean {
  let sum = 0;
  for (const [index, digit] of [...digits].toReversed().entries()) {
    const weighed = Number(digit) * (index % 2 === 0 ? 1 : 2);
    sum += weighed > 9 ? weighed - 9 : weighed;
  }
  return sum % 10 === 0;
}

/** Zones that were found to be known: asking takes as long as reading a record does, and there are some hundreds. */
const zones = new Set<string>();

/** Is this an IANA zone that this machine knows? */
export function isTimeZone(name: string): boolean {
  if (zones.has(name)) return true;
  try {
    const { timeZone } = Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions();
    // Letter case does not count: of all the ways to write a zone one is kept.
    if (timeZone === name) zones.add(name);
    return true;
  } catch {
    return false; // RangeError is how the standard says that it knows no such zone.
  }
}

/** Comma or point, spaces between thousands, and nothing else; no exponent, for nobody types one on purpose. */
function readNumber(field: NumberField, typed: string): Read {
  const { decimals, min, max } = field;
  const plain = typed.replace(/[\s\u00a0\u202f]/g, '').replace(',', '.');
  const parts = /^([+-]?)(\d+)(?:\.(\d*))?$/.exec(plain);
  if (parts === null || plain.length > NUMBER_CHARACTERS_MAX) return { ok: false, fault: { why: 'not-a-number' } };
  const [, sign = '', whole = '', fraction = ''] = parts;
  const significant = fraction.replace(/0+$/, '');
  if (significant.length > decimals) return { ok: false, fault: { why: 'decimals', decimals } };
  const value = Number(`${sign}${whole}${significant.padEnd(decimals, '0')}`);
  if (!(value >= min && value <= max)) return { ok: false, fault: { why: 'out-of-range', min, max, decimals } };
  return { ok: true, value: value + 0 };
}

/** `2026-03-01` as browsers send it, or `01/03/2026` as French people type it. A day that does not exist is no date. */
function readDate(typed: string): Read {
  const iso = /^(\d{4})-(\d\d)-(\d\d)$/.exec(typed);
  const french = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(typed);
  const [year, month, day] = (iso ? [iso[1], iso[2], iso[3]] : [french?.[3], french?.[2], french?.[1]]).map(Number);
  const fault: Read = { ok: false, fault: { why: 'not-a-date' } };
  if (!year || !month || !day || year < 1900 || year > 2200) return fault;
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return fault;
  return { ok: true, value: date.toISOString().slice(0, 10) };
}

/** `44.89864;-0.51624`, with comma or point in each number. */
function readPosition(typed: string): Read {
  const parts = /^([+-]?\d{1,2}(?:[.,]\d{1,8})?)\s*;\s*([+-]?\d{1,3}(?:[.,]\d{1,8})?)$/.exec(typed);
  const latitude = Number((parts?.[1] ?? '').replace(',', '.'));
  const longitude = Number((parts?.[2] ?? '').replace(',', '.'));
  if (parts === null || Math.abs(latitude) > 90 || Math.abs(longitude) > 180) {
    return { ok: false, fault: { why: 'not-a-position' } };
  }
  return { ok: true, value: `${latitude};${longitude}` };
}

function readRefs(posted: readonly string[]): Read {
  const ids = [...new Set(posted.filter((id) => id !== ''))];
  if (ids.length > REFS_MAX || !ids.every((id) => ID.test(id))) return { ok: false, fault: { why: 'not-found' } };
  return { ok: true, value: ids };
}

function readWords(posted: readonly string[], isOne: (word: string) => boolean): Read {
  const words = [...new Set(posted.filter((word) => word !== '' && !word.endsWith(':none')))];
  return words.every(isOne) ? { ok: true, value: words } : { ok: false, fault: { why: 'not-a-choice' } };
}

function isLevelOf(field: LevelsField, word: string): boolean {
  const [name = '', level] = word.split(':');
  return field.of.includes(name) && (level === 'view' || level === 'modify') && word === `${name}:${level}`;
}

/** Typed text as it is kept: in one Unicode form, without spaces around it. */
function tidy(typed: string): string {
  return typed.normalize('NFC').trim();
}

/** Text under which words are searched and names sorted: no letter case, no accents. */
export function folded(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();
}
