import type { Charger } from './state.ts';

/** What a charger of this model has to say of itself, as text. */
export function logText({ nameplate, connectors, transactionsBegun, configuration }: Charger): string {
  const lines = connectors.map(({ id, registerWh, phase }) => `connector ${id}: ${phase.name}, ${registerWh} Wh`);
  const keys = [...configuration.values()].map(({ key, value }) => `${key}=${value}`);
  return [`${nameplate.vendor} ${nameplate.model} ${nameplate.firmwareVersion} ${nameplate.serialNumber}`]
    .concat(lines, `transactions begun: ${transactionsBegun}`, keys)
    .join('\n');
}
