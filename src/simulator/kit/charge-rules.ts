import type { Connector } from '../state.ts';
import { longestCharge, powerFor } from './limits.ts';
import type { KitParts } from './parts.ts';

const MINUTE_MS = 60_000;
const METER_READ_EVERY_MS = 200;

export type RuleDeps = KitParts & {
  /** What the meter of this connector says at this moment, in Wh. */
  readonly meterWh: (connector: Connector) => number;
  readonly stop: (point: number) => void;
};

/** What a kit lets each charge have, by what its server set when it began; it needs nobody to ask then. */
export class ChargeRules {
  readonly #deps: RuleDeps;
  /** W that a charge began with, by point: its own until it ends (LAF-07). */
  readonly #grantedW = new Map<number, number>();
  /** Why the kit itself ends the charge of a point. */
  readonly #endings = new Map<number, 'time' | 'value'>();

  constructor(deps: RuleDeps) {
    this.#deps = deps;
  }

  /** W for all points together; null where nobody set any. */
  availableW(): number | null {
    const { memory, now } = this.#deps;
    if (this.#grantedW.size > 0) return Math.max(...this.#grantedW.values());
    return powerFor({ ...memory.settings, more: null }, now());
  }

  /** LAF-08: the longest charge and the most energy end it. `key`: of its transaction. */
  began(point: number, key: number): void {
    const { memory, speed, now, later, connector } = this.#deps;
    const powerW = powerFor(memory.settings, now());
    if (powerW !== null) this.#grantedW.set(point, powerW);
    // It is the recharge's own; the next one is given leave to it again.
    const { more: _more, ...kept } = memory.settings;
    memory.settings = kept;
    const { minutes, wh } = longestCharge(memory.settings);
    if (minutes !== null) later((minutes * MINUTE_MS) / speed, () => this.#end(point, key, 'time'));
    const before = connector(point);
    if (wh !== null && before !== undefined) this.#look(point, key, before.registerWh + wh);
  }

  /** Why the kit ended it by itself; undefined where somebody else did. */
  ended(point: number): 'time' | 'value' | undefined {
    const why = this.#endings.get(point);
    this.#endings.delete(point);
    this.#grantedW.delete(point);
    return why;
  }

  #look(point: number, key: number, untilWh: number): void {
    this.#deps.later(METER_READ_EVERY_MS, () => {
      const running = this.#running(point, key);
      if (running === null) return;
      if (this.#deps.meterWh(running) >= untilWh) this.#end(point, key, 'value');
      else this.#look(point, key, untilWh);
    });
  }

  #end(point: number, key: number, why: 'time' | 'value'): void {
    if (this.#running(point, key) === null) return;
    this.#endings.set(point, why);
    this.#deps.stop(point);
  }

  #running(point: number, key: number): Connector | null {
    const connector = this.#deps.connector(point);
    return connector?.phase.name === 'charging' && connector.phase.transaction.key === key ? connector : null;
  }
}
