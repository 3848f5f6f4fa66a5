import type { Charger, Connector } from '../state.ts';

/** Did a vehicle stand at this point? */
export function wasThere(before: Charger, connectorId: number): boolean {
  const connector = before.connectors[connectorId - 1];
  return connector !== undefined && isThere(connector);
}

export function isThere({ phase }: Connector): boolean {
  return (
    phase.name === 'plugged' ||
    phase.name === 'charging' ||
    phase.name === 'finishing' ||
    (phase.name === 'authorising' && phase.cable)
  );
}
