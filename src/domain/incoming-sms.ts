/** An SMS that somebody sent to the number of the server, to be let charge (SOC-10). */
export type IncomingSms = {
  /** The same for the same SMS, however often its provider tells of it. */
  readonly id: string;
  /** International form. */
  readonly from: string;
  readonly text: string;
};

/** What became of one. Of the first two its sender is told, at the expense of the merchant whose charger it is. */
export type SmsOutcome = 'asked' | 'absent' | 'refused' | 'not-taken' | 'unreadable' | 'repeated' | 'too-many';

/** Of one text, so much is looked at. */
const TEXT_CHARACTERS_MAX = 160;
const CONNECTOR_MAX = 24;

/** What it asks for: `PON-1`, or `PON-1 2`. The identity as it was typed; null for any other text. */
export function orderIn(text: string): { readonly identity: string; readonly connectorId: number | null } | null {
  const [, identity, digits] =
    /^\s*([\w.:*-]{1,48})(?:\s+(\d{1,2}))?\s*$/.exec(text.slice(0, TEXT_CHARACTERS_MAX)) ?? [];
  const connectorId = digits === undefined ? null : Number(digits);
  if (identity === undefined || connectorId === 0 || (connectorId ?? 0) > CONNECTOR_MAX) return null;
  return { identity, connectorId };
}

/** A number as telephones have it, from what a provider writes: `33612345678`, `+33 6 12 34 56 78`. Null for a name. */
export function senderOf(written: string): string | null {
  const number = written.replaceAll(/[\s().-]/g, '');
  if (/^\+\d{6,15}$/.test(number)) return number;
  if (/^00[1-9]\d{5,14}$/.test(number)) return `+${number.slice(2)}`;
  if (/^0[1-9]\d{8}$/.test(number)) return `+33${number.slice(1)}`;
  return /^[1-9]\d{8,14}$/.test(number) ? `+${number}` : null;
}
