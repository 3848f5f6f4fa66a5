import { foldedKey, wantedKeys, type StationKeys, type WantedKey } from '#src/domain/forced-keys.ts';
import type { AnswerFromChargePoint, CallToChargePoint } from '#src/wire/ocpp/messages.ts';
import type { ForcedKeyView } from './messages.ts';
import { withDurable, type ChargePointState, type KeyOutcome } from './state.ts';

/** Keys that a charger is told at each boot have their outcomes kept; this many, so that none can be made to grow. */
const OUTCOMES_MAX = 60;

/** What is to be in force on this charger. */
export function wantedOf(state: ChargePointState, station: StationKeys | null): readonly WantedKey[] {
  return station === null ? [] : wantedKeys(station, state.durable.boot?.chargePointVendor ?? null);
}

/** What became of each value that is to be in force, for the page. */
export function forcedViews(state: ChargePointState, station: StationKeys | null): readonly ForcedKeyView[] {
  return wantedOf(state, station).map((wanted) => {
    const outcome = outcomeOf(state, wanted);
    if (outcome === null || outcome.phase === 'awaiting')
      return { ...wanted, phase: 'awaiting', detail: null, atMs: null };
    const { phase, detail, atMs } = outcome;
    return { ...wanted, phase, detail, atMs };
  });
}

/** Did the charger take this value over, as far as we know? */
export function isInForce(state: ChargePointState, wanted: WantedKey): boolean {
  const phase = outcomeOf(state, wanted)?.phase;
  return phase === 'in-force' || phase === 'after-reboot' || phase === 'refused';
}

/** The charger's word on a value: a status of ChangeConfiguration, or why there was none. */
export function withOutcome(
  state: ChargePointState,
  { key, value }: { readonly key: string; readonly value: string },
  said: Pick<KeyOutcome, 'phase' | 'detail' | 'atMs'>,
): ChargePointState {
  const before = outcomeOf(state, { key, value });
  const phase = said.phase === 'after-reboot' && before?.taken === true ? 'in-force' : said.phase;
  const taken = before?.taken === true ? ({ taken: true } as const) : {};
  const others = state.durable.outcomes.filter((one) => foldedKey(one.key) !== foldedKey(key));
  return withDurable(state, { outcomes: [...others, { key, value, ...said, phase, ...taken }].slice(-OUTCOMES_MAX) });
}

/** The same, from the status of an answer. */
export function wordOn(
  state: ChargePointState,
  change: { readonly key: string; readonly value: string },
  answer: AnswerFromChargePoint,
  atMs: number,
): ChargePointState {
  if (!('status' in answer)) return state;
  const { status: detail } = answer;
  const phase = detail === 'Accepted' ? 'in-force' : detail === 'RebootRequired' ? 'after-reboot' : 'refused';
  return withOutcome(state, change, { phase, detail, atMs });
}

/** A person changed a key by hand: what was in force of it is so no longer, until the next boot. */
export function overruled(
  state: ChargePointState,
  call: CallToChargePoint,
  answer: AnswerFromChargePoint,
  atMs: number,
): ChargePointState {
  if (call.action !== 'ChangeConfiguration' || !('status' in answer)) return state;
  const isForced = state.durable.outcomes.some((one) => foldedKey(one.key) === foldedKey(call.key));
  const isTaken = answer.status === 'Accepted' || answer.status === 'RebootRequired';
  return isForced && isTaken ? wordOn(state, call, answer, atMs) : state;
}

/** After a boot everything is to be told again (field-31); what waited for the boot was taken over by it. */
export function afterBoot(outcomes: readonly KeyOutcome[]): readonly KeyOutcome[] {
  return outcomes.flatMap((one) =>
    one.phase === 'after-reboot' ? [{ ...one, phase: 'awaiting' as const, taken: true as const }] : [],
  );
}

function outcomeOf(state: ChargePointState, wanted: Pick<WantedKey, 'key' | 'value'>): KeyOutcome | null {
  const folded = foldedKey(wanted.key);
  return state.durable.outcomes.find((one) => foldedKey(one.key) === folded && one.value === wanted.value) ?? null;
}
