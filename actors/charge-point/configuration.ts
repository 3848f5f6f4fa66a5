import { isSecretKey } from '#src/domain/forced-keys.ts';
import type { AnswerFromChargePoint, CallToChargePoint } from '#src/wire/ocpp/messages.ts';
import type { KnownKey } from './messages.ts';
import { withDurable, type ChargePointState } from './state.ts';

/** Keys remembered of one charger; real ones have fewer than 200. */
const CONFIGURATION_KEYS_MAX = 500;

/** What an answer tells of the configuration: keys that were read, or the one that the charger took over. */
export function learnt(
  state: ChargePointState,
  call: CallToChargePoint,
  answer: AnswerFromChargePoint,
): ChargePointState {
  if (answer.action === 'GetConfiguration') return learn(state, answer.configurationKey);
  if (call.action !== 'ChangeConfiguration' || answer.action !== 'ChangeConfiguration') return state;
  const afterReboot = answer.status === 'RebootRequired';
  if ((answer.status !== 'Accepted' && !afterReboot) || isSecretKey(call.key)) return state;
  const known = state.durable.configuration.find((one) => one.key.toLowerCase() === call.key.toLowerCase());
  const { key, readonly } = known ?? { key: call.key, readonly: false };
  return learn(state, [{ key, readonly, value: call.value, ...(afterReboot ? { afterReboot } : {}) }]);
}

/** After a boot every value is in force. */
export function inForce(keys: readonly KnownKey[]): readonly KnownKey[] {
  if (!keys.some((one) => one.afterReboot)) return keys;
  return keys.map(({ afterReboot: _over, ...one }) => one);
}

/** Values just learnt replace those of the same key; a partial read forgets nothing. */
function learn(state: ChargePointState, keys: readonly KnownKey[]): ChargePointState {
  const byKey = new Map(state.durable.configuration.map((one) => [one.key.toLowerCase(), one]));
  for (const one of keys) byKey.set(one.key.toLowerCase(), one);
  return withDurable(state, { configuration: [...byKey.values()].slice(0, CONFIGURATION_KEYS_MAX) });
}
