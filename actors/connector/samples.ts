import type { HeldSamples } from '#src/storage/ports.ts';
import type { MeterMessage } from './messages.ts';

/** What samples told of a transaction that nobody knows, as it is kept for a person (field-03). Null without any. */
export function heldSamples({ call, sampledAtMs }: Pick<MeterMessage, 'call' | 'sampledAtMs'>): HeldSamples | null {
  if (call.samples.length === 0) return null;
  const registers = call.samples.flatMap(({ energyWh }) => (energyWh === undefined ? [] : [Math.round(energyWh)]));
  const [first = null] = registers;
  return {
    count: call.samples.length,
    firstAtMs: sampledAtMs,
    lastAtMs: sampledAtMs,
    firstWh: first,
    highestWh: first === null ? null : Math.max(...registers),
  };
}

/** Both, in whichever order they came in. */
export function joined(one: HeldSamples, other: HeldSamples): HeldSamples {
  const [first, last] = one.firstAtMs <= other.firstAtMs ? [one, other] : [other, one];
  return {
    count: first.count + last.count,
    firstAtMs: first.firstAtMs,
    lastAtMs: Math.max(first.lastAtMs, last.lastAtMs),
    firstWh: first.firstWh ?? last.firstWh,
    highestWh: highest(first.highestWh, last.highestWh),
  };
}

/** The higher of two registers; null where neither was told. */
export function highest(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.max(one, other);
}
