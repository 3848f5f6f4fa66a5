import type { CallErrorCode, Timestamp, Tolerance, WireFault } from './messages.ts';
import { readTimestamp } from './timestamp.ts';
import type { Vocabulary } from './vocabulary.ts';

/** `strict` refuses what `tolerant` forgives: it is for certification, never for a charger in the street. */
export type ReadMode = 'tolerant' | 'strict';

/** The properties of a JSON object, before anything is known of them. */
export type Fields = { readonly [name: string]: unknown };

/** Shared by everything that was read without forgiving anything, which is nearly everything. */
export const NOTHING_TOLERATED: readonly Tolerance[] = Object.freeze([]);

/** An over-long text is kept up to this length. The standard's own maxima go from 20 to 500. */
export const TEXT_CHARACTERS_MAX = 500;
/** Unknown words of one message that are shown to people. */
const UNKNOWN_WORDS_MAX = 10;
/** No word of any vocabulary of the standard is longer. */
const WORD_CHARACTERS_MAX = 50;
/** No box has more connectors; a larger number is a misread field. 0 is the box itself. */
export const CONNECTOR_ID_MAX = 255;
/** Ids are counted from 1 and must fit the 32-bit integer that most firmwares keep them in. */
export const TRANSACTION_ID_MAX = 2_147_483_647;
/** 1 TWh: above it, a register is a firmware's way of saying "unknown". */
export const METER_WH_MAX = 1_000_000_000_000;

const UNREADABLE: Timestamp = Object.freeze({ raw: '', ms: null });
const NUMERIC = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
// Blanks and replacement characters at either end, control characters anywhere.
// oxlint-disable-next-line no-control-regex -- the control characters are what is looked for
const UNTIDY = /^[\s\ufffd]|[\u0000-\u001f\u007f-\u009f]|[\s\ufffd]$/;
// oxlint-disable-next-line no-control-regex -- the control characters are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;
// oxlint-disable-next-line no-control-regex -- the control characters are what is looked for
const CONTROLS = /[\u0000-\u001f\u007f-\u009f]+/g;
const BLANK = /[\s\ufffd]/;

/**
 * The reading of one payload: field readers that return a value and remember what they forgave. The first thing that
 * cannot be forgiven becomes `fault`; readers go on after it with placeholders, so a message is read in a straight
 * line and the outcome is looked at once, at the end. A reader returns `undefined` for a field that is absent, and in
 * tolerant mode for one that is unusable too: only where the field is `vital` is the message refused for it.
 */
export class Reading {
  readonly strict: boolean;
  fault: WireFault | null = null;
  tolerated: readonly Tolerance[] = NOTHING_TOLERATED;
  /** Words outside their vocabulary, as they were written: shown to people instead of being lost (field-19). */
  unknownWords: readonly string[] = [];

  #unusable: ReadonlyMap<string, CallErrorCode> | null = null;

  constructor(mode: ReadMode) {
    this.strict = mode === 'strict';
  }

  /** Notes something odd that breaks no rule of the standard: said in both modes, refused in neither. */
  note(tolerance: Tolerance): void {
    if (!this.tolerated.includes(tolerance)) this.tolerated = [...this.tolerated, tolerance];
  }

  /** Forgiven and noted in tolerant mode, refused with `code` in strict mode. */
  forgive(tolerance: Tolerance, code: CallErrorCode, detail: string): void {
    if (this.strict) this.refuse(code, detail);
    else this.note(tolerance);
  }

  /** Refused in both modes. Only the first refusal is told. */
  refuse(code: CallErrorCode, detail: string): void {
    this.fault ??= { code, detail };
  }

  /** The payload as an object, or `null` after refusing it. `[]` and `""` are what some languages make of `{}`. */
  fields(payload: unknown): Fields | null {
    if (isObject(payload)) return payload;
    if (payload === null || payload === undefined || payload === '') {
      this.forgive('null-payload', 'FormationViolation', 'the payload is not an object');
      return {};
    }
    if (Array.isArray(payload) && payload.length === 0) {
      this.forgive('coerced-type', 'FormationViolation', 'the payload is an array');
      return {};
    }
    this.refuse('FormationViolation', 'the payload is not an object');
    return null;
  }

  /** A property that the standard does not have makes the structure, not a value, wrong: hence FormationViolation. */
  onlyKnown(fields: Fields, known: ReadonlySet<string>): void {
    for (const name in fields) {
      if (known.has(name)) continue;
      this.forgive('extra-property', 'FormationViolation', `${name.slice(0, 50)} is not a property of this message`);
      return;
    }
  }

  /** A list, at most so long; what stands alone where a list should be is a list of one. */
  list(value: unknown, name: string, itemsMax: number): readonly unknown[] {
    if (value === undefined) return [];
    if (!Array.isArray(value)) {
      this.forgive('coerced-type', 'TypeConstraintViolation', `${name} is not an array`);
      return value === null || value === '' ? [] : [value];
    }
    if (value.length <= itemsMax) return value;
    this.note('over-long');
    return value.slice(0, itemsMax);
  }

  /** For a field the message cannot do without: the answer names it. */
  vital<T>(value: T | undefined, name: string, placeholder: T): T {
    if (value !== undefined) return value;
    const code = this.#unusable?.get(name);
    if (code === undefined) this.refuse('OccurenceConstraintViolation', `${name} is missing`);
    else this.refuse(code, `${name} cannot be used`);
    return placeholder;
  }

  /** For a field the standard requires but the message is of use without. */
  wanted<T>(value: T | undefined, name: string, substitute: T): T {
    if (value !== undefined) return value;
    if (this.#unusable?.has(name) === true) return substitute;
    this.forgive('missing-property', 'OccurenceConstraintViolation', `${name} is missing`);
    return substitute;
  }

  /** Text without padding, control characters or what follows a NUL (field-17, field-18). */
  text(value: unknown, name: string, charactersMax: number): string | undefined {
    if (value === undefined) return undefined;
    const written = typeof value === 'string' ? value : this.#textOf(value, name);
    if (written === undefined) return undefined;
    const tidy = UNTIDY.test(written) ? this.#tidied(written, name) : written;
    if (tidy.length <= charactersMax) return tidy;
    this.forgive('over-long', 'PropertyConstraintViolation', `${name} is longer than ${charactersMax} characters`);
    return tidy.slice(0, Math.max(TEXT_CHARACTERS_MAX, charactersMax));
  }

  /** Text taken as it is, whatever its length: the payload of a DataTransfer. An object is kept as its JSON. */
  rawText(value: unknown, name: string): string | undefined {
    if (value === undefined || typeof value === 'string') return value;
    if (typeof value !== 'object' || value === null) return this.#textOf(value, name);
    this.forgive('coerced-type', 'TypeConstraintViolation', `${name} is not a text`);
    try {
      return JSON.stringify(value);
    } catch {
      // RangeError: nested deeper than the stack. Nobody can make use of such data.
      return this.#leaveOut('coerced-type', 'TypeConstraintViolation', name, 'is nested too deeply');
    }
  }

  /** A word of a vocabulary: another spelling is mended, an unknown word becomes `otherwise` and is remembered. */
  word<T extends string>(value: unknown, name: string, vocabulary: Vocabulary<T>, otherwise: T): T | undefined {
    return vocabulary.exact.get(value) ?? this.#inexactWord(value, name, vocabulary, () => otherwise);
  }

  /** As `word`, for a field whose unknown words are kept as they were written. */
  openWord(value: unknown, name: string, vocabulary: Vocabulary<string>): string | undefined {
    return vocabulary.exact.get(value) ?? this.#inexactWord(value, name, vocabulary, (written) => written);
  }

  /** A whole number within a safe integer's range; decimals are rounded, numeric text is read. */
  integer(value: unknown, name: string): number | undefined {
    if (Number.isSafeInteger(value)) return (value as number) + 0; // -0 becomes 0
    const number = this.#number(value, name);
    if (number === undefined) return undefined;
    const whole = Math.round(number) + 0;
    if (!Number.isSafeInteger(whole)) {
      return this.#leaveOut('odd-value', 'PropertyConstraintViolation', name, 'is too large');
    }
    if (whole !== number) this.forgive('coerced-type', 'TypeConstraintViolation', `${name} is not an integer`);
    return whole;
  }

  /** 0 (the box) to CONNECTOR_ID_MAX. Never rounded: half a connector is nobody's. */
  connectorId(value: unknown): number | undefined {
    if (typeof value === 'number' && Number.isFinite(value) && !Number.isInteger(value)) {
      return this.#leaveOut('odd-value', 'TypeConstraintViolation', 'connectorId', 'is not an integer');
    }
    const id = this.integer(value, 'connectorId');
    if (id === undefined || (id >= 0 && id <= CONNECTOR_ID_MAX)) return id;
    const range = `is not between 0 and ${CONNECTOR_ID_MAX}`;
    return this.#leaveOut('odd-value', 'PropertyConstraintViolation', 'connectorId', range);
  }

  /** A register in Wh. Negative ones pass: whether a reading is plausible is not for a codec to judge (field-22). */
  meterWh(value: unknown, name: string): number | undefined {
    const wattHours = this.integer(value, name);
    if (wattHours === undefined || Math.abs(wattHours) <= METER_WH_MAX) return wattHours;
    return this.#leaveOut('odd-value', 'PropertyConstraintViolation', name, 'is larger than any register');
  }

  /**
   * `null` for what this server cannot have given: nothing, 0, -1, an integer too wide, rubbish (field-04).
   * Never refused in tolerant mode, for a box that is refused keeps its queue and sends it again for ever.
   */
  transactionId(value: unknown): number | null {
    if (value === undefined) return null;
    if (typeof value === 'number' && Number.isInteger(value)) {
      if (value >= 1 && value <= TRANSACTION_ID_MAX) return value;
      if (!this.strict) this.note('odd-transaction-id');
      return null;
    }
    const id = typeof value === 'string' && NUMERIC.test(value.trim()) ? Number(value) : null;
    if (id !== null && Number.isInteger(id) && id >= 1 && id <= TRANSACTION_ID_MAX) {
      this.forgive('coerced-type', 'TypeConstraintViolation', 'transactionId is not a number');
      return id;
    }
    this.forgive('odd-transaction-id', 'TypeConstraintViolation', 'transactionId is not an integer');
    return null;
  }

  /** Any time a charger can write (field-20); one that cannot be read keeps its text with `ms: null`. */
  timestamp(value: unknown): Timestamp | undefined {
    if (value === undefined) return undefined;
    if (value === null) {
      this.forgive('coerced-type', 'TypeConstraintViolation', 'timestamp is not a text');
      return undefined;
    }
    const { timestamp, oddity } = readTimestamp(value);
    if (oddity === null) return timestamp;
    if (oddity === 'clock') this.note('odd-timestamp');
    else if (typeof value === 'string') {
      this.forgive('odd-timestamp', 'PropertyConstraintViolation', 'timestamp is not an RFC 3339 date and time');
    } else this.forgive('odd-timestamp', 'TypeConstraintViolation', 'timestamp is not a text');
    return timestamp;
  }

  /** As `timestamp`, where the standard requires one. */
  wantedTimestamp(value: unknown): Timestamp {
    return this.timestamp(value) ?? this.wanted(undefined, 'timestamp', UNREADABLE);
  }

  /** For a value that nothing can be made of. */
  #leaveOut(tolerance: Tolerance, code: CallErrorCode, name: string, wrong: string): undefined {
    this.forgive(tolerance, code, `${name} ${wrong}`);
    this.#unusable = new Map(this.#unusable).set(name, code);
  }

  #inexactWord<T extends string>(
    value: unknown,
    name: string,
    vocabulary: Vocabulary<T>,
    otherwise: (written: string) => T,
  ): T | undefined {
    const written = this.text(value, name, WORD_CHARACTERS_MAX);
    if (written === undefined) return undefined;
    const padded = vocabulary.exact.get(written);
    if (padded !== undefined) return padded;
    this.forgive('unknown-enum', 'PropertyConstraintViolation', `${name} is not one of the standard's values`);
    if (written === '') return undefined;
    const near = vocabulary.near(written);
    if (near !== undefined) return near;
    if (this.unknownWords.length < UNKNOWN_WORDS_MAX) this.unknownWords = [...this.unknownWords, written];
    return otherwise(written);
  }

  #textOf(value: unknown, name: string): string | undefined {
    if (typeof value === 'number' || typeof value === 'boolean' || value === null) {
      this.forgive('coerced-type', 'TypeConstraintViolation', `${name} is not a text`);
      return value === null ? undefined : String(value);
    }
    return this.#leaveOut('coerced-type', 'TypeConstraintViolation', name, 'is not a text');
  }

  #tidied(written: string, name: string): string {
    if (this.strict) {
      if (CONTROL.test(written)) this.refuse('PropertyConstraintViolation', `${name} holds control characters`);
      return written;
    }
    this.note('padded-text');
    return tidied(written);
  }

  #number(value: unknown, name: string): number | undefined {
    if (value === undefined) return undefined;
    if (typeof value === 'number') {
      if (Number.isFinite(value)) return value;
      return this.#leaveOut('odd-value', 'PropertyConstraintViolation', name, 'is not a finite number');
    }
    const written = typeof value === 'string' ? value.trim() : value;
    if (written === null || written === '') {
      this.forgive('coerced-type', 'TypeConstraintViolation', `${name} is empty`);
      return undefined;
    }
    if (typeof written === 'string' && NUMERIC.test(written)) {
      this.forgive('coerced-type', 'TypeConstraintViolation', `${name} is not a number`);
      return this.#number(Number(written), name);
    }
    return this.#leaveOut('coerced-type', 'TypeConstraintViolation', name, 'is not a number');
  }
}

/** A JSON object: neither `null` nor an array. */
export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** After a NUL comes whatever was in the firmware's buffer before. Trimmed by hand: a pattern would go back and forth. */
function tidied(written: string): string {
  let start = 0;
  while (start < written.length && isJunk(written.charAt(start))) start += 1;
  const nul = written.indexOf('\0', start);
  let end = nul === -1 ? written.length : nul;
  while (end > start && isJunk(written.charAt(end - 1))) end -= 1;
  return written.slice(start, end).replaceAll(CONTROLS, '');
}

function isJunk(character: string): boolean {
  return BLANK.test(character) || CONTROL.test(character);
}
