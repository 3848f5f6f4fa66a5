import { foldedKey } from '#src/domain/forced-keys.ts';
import type { ConfigurationKey } from '#src/wire/ocpp/messages.ts';
import { advanced } from './command-steps.ts';
import { commandOf } from './kept-commands.ts';
import type { CommandView } from './messages.ts';
import { STANDARD_KEYS } from './standard-keys.ts';
import { withLive, type ChargePointState } from './state.ts';
import type { Errand, Reading } from './under-way.ts';

/** Where a charger says how many keys it tells at once; one that does not is asked for so many. */
const LIMIT_KEY = 'GetConfigurationMaxKeys';
const PIECE_KEYS = 10;
/** Keys that a charger is asked for by name. */
const ASKED_MAX = 200;
/** So many calls in a row without an answer end it: each keeps the commands after it waiting for a minute or two. */
const SILENCES_MAX = 2;
/** Nothing told at all after so many pieces: there is nothing to be had. */
const IN_VAIN_MAX = 8;

/** What a charger made of one piece: the keys that it told, or no answer at all. A refusal tells none. */
export type Piece = readonly ConfigurationKey[] | 'silence';

/** Did the charger tell everything? Some tell nothing when they are asked for all, others as much as they can at once. */
export function toldAll(state: ChargePointState, keys: readonly ConfigurationKey[]): boolean {
  if (keys.length === 0) return false;
  const isLimit = ({ key }: { readonly key: string }): boolean => foldedKey(key) === foldedKey(LIMIT_KEY);
  return keys.length !== Number((keys.find(isLimit) ?? state.durable.configuration.find(isLimit))?.value);
}

/** From the whole to pieces (field-29): first how large they may be. `told`: what the whole has told already. */
export function beginReading(state: ChargePointState, command: CommandView, told: Piece): ChargePointState {
  const { commandId } = command;
  const had = new Set(told === 'silence' ? [] : told.map(({ key }) => foldedKey(key)));
  const wanted = new Map(
    [...state.durable.configuration.map(({ key }) => key), ...STANDARD_KEYS].map((key) => [foldedKey(key), key]),
  );
  const left = [...wanted].flatMap(([folded, key]) => (had.has(folded) ? [] : [key])).slice(0, ASKED_MAX);
  const silences = told === 'silence' ? 1 : 0;
  const reading = { commandId, left, size: PIECE_KEYS, told: had.size, silences, inVain: 0, asked: 0 };
  return ask(state, reading, [LIMIT_KEY]);
}

/** One piece further. `command` has its outcome, once there is nothing more to ask. */
export function pieceHeard(
  state: ChargePointState,
  asked: readonly string[],
  piece: Piece,
  atMs: number,
): { readonly state: ChargePointState; readonly command: CommandView | null } {
  const { reading } = state.live;
  const command = reading === null ? null : commandOf(state, reading.commandId);
  if (reading === null || command === null) return { state, command: null };
  const over = withLive(state, { reading: null });
  // A late answer to the whole may have ended it on the way.
  if (command.ended) return { state: over, command: null };
  const next = after(reading, asked, piece);
  if (!isOver(next)) return { state: ask(state, next, next.left.slice(0, next.size)), command: null };
  if (next.told > 0) return { state: over, command: advanced(command, 'done', atMs) };
  const ended =
    piece === 'silence'
      ? advanced(command, 'failed', atMs, { cause: 'no-answer' })
      : advanced(command, 'refused', atMs, { cause: 'nothing-told' });
  return { state: over, command: ended };
}

function after(reading: Reading, asked: readonly string[], piece: Piece): Reading {
  const told = piece === 'silence' ? [] : piece;
  const inVain = told.length > 0 ? 0 : reading.inVain + 1;
  const silences = piece === 'silence' ? reading.silences + 1 : 0;
  const common = { ...reading, inVain, silences, told: reading.told + told.length };
  if (reading.asked === 1) {
    const limit = Number(told.find(({ key }) => foldedKey(key) === foldedKey(LIMIT_KEY))?.value);
    const size = Number.isInteger(limit) && limit >= 1 ? limit : PIECE_KEYS;
    return { ...common, size: Math.min(size, ASKED_MAX) };
  }
  const left = reading.left.slice(asked.length);
  // What it does not tell of several keys, it may tell of one.
  return told.length === 0 && asked.length > 1 ? { ...common, size: 1 } : { ...common, left };
}

function isOver({ left, silences, told, inVain }: Reading): boolean {
  return left.length === 0 || silences >= SILENCES_MAX || (told === 0 && inVain >= IN_VAIN_MAX);
}

function ask(state: ChargePointState, reading: Reading, key: readonly string[]): ChargePointState {
  const callId = `${reading.commandId}.${reading.asked}`;
  const errand: Errand = { callId, call: { action: 'GetConfiguration', key }, by: null };
  return withLive(state, {
    reading: { ...reading, asked: reading.asked + 1 },
    errands: [errand, ...state.live.errands],
  });
}
