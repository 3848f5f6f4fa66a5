import type { Decision } from '#actors/decision.ts';
import type { ConnectorState } from './state.ts';

/** The alarm of a boot after which nothing has shown yet that the open session goes on (field-07). */
export const NO_SIGN_KEY = 'no-sign-after-boot';

/** The open session is alive: the doubt of a boot is over. */
export function trust(connector: ConnectorState): Decision<ConnectorState> {
  const { use } = connector;
  if (use.phase === 'free' || use.doubtedSinceMs === null) return { state: connector, effects: [] };
  return {
    state: { ...connector, use: { ...use, doubtedSinceMs: null } },
    effects: [{ type: 'wake', key: NO_SIGN_KEY, atMs: null }],
  };
}
