import type { ChargePointStatus } from '#src/wire/ocpp/messages.ts';

/** For how long current has flowed in a session, as far as the charger has told (REC-05). Kept in memory until its end. */
export type Flow = {
  /** Null until something was told of it. */
  readonly chargedMs: number | null;
  /** Until when it is counted. */
  readonly countedToMs: number;
};

/** The charger says itself that it delivers nothing. */
const WITHOUT_CURRENT: ReadonlySet<ChargePointStatus> = new Set(['SuspendedEV', 'SuspendedEVSE', 'Finishing']);

/** What is known of a session that begins. */
export function noFlow(startedAtMs: number): Flow {
  return { chargedMs: null, countedToMs: startedAtMs };
}

/** By a reading: did current flow since what was counted last? Its power says it, or that the register has grown. */
export function flowByReading(
  flow: Flow,
  told: {
    readonly atMs: number;
    readonly status: ChargePointStatus | null;
    readonly powerW: number | undefined;
    readonly grew: boolean;
  },
): Flow {
  const { status, powerW, grew } = told;
  const isSuspended = status !== null && WITHOUT_CURRENT.has(status);
  // A register that is read after the charge was suspended holds what had flowed before.
  return counted(flow, told.atMs, powerW !== undefined ? powerW > 0 : grew && !isSuspended);
}

/** By a stop, whose register may have grown since the last reading. */
export function flowByStop(
  flow: Flow,
  told: { readonly atMs: number; readonly status: ChargePointStatus | null; readonly grew: boolean },
): Flow {
  const { atMs, status, grew } = told;
  const byStatus = flowByStatus(flow, { atMs, before: status, now: status });
  // A charger that told nothing before is not believed to have charged all the time.
  return byStatus !== flow || flow.chargedMs === null ? byStatus : counted(flow, atMs, grew);
}

/** By a change of status: until then current has flowed if the charger was charging, and not if it begins to now. */
export function flowByStatus(
  flow: Flow,
  told: { readonly atMs: number; readonly before: ChargePointStatus | null; readonly now: ChargePointStatus | null },
): Flow {
  const { atMs, before, now } = told;
  const isTold = [before, now].some((one) => one === 'Charging' || (one !== null && WITHOUT_CURRENT.has(one)));
  return isTold ? counted(flow, atMs, before === 'Charging') : flow;
}

/** What a session comes to that lasted so long; null where nothing was told. */
export function chargedWithin({ chargedMs }: Pick<Flow, 'chargedMs'>, durationMs: number): number | null {
  return chargedMs === null ? null : Math.min(chargedMs, Math.max(0, durationMs));
}

/** What is older than what was counted tells nothing. */
function counted(flow: Flow, toMs: number, flows: boolean): Flow {
  if (toMs <= flow.countedToMs) return flow;
  const passedMs = flows ? toMs - flow.countedToMs : 0;
  return { chargedMs: (flow.chargedMs ?? 0) + passedMs, countedToMs: toMs };
}
