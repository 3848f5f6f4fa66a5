import type { CommandRequest } from '#actors/charge-point/messages.ts';
import { PASSWORD_KEY } from '#actors/charge-point/secrets.ts';
import type { CallToChargePoint } from '#src/wire/ocpp/messages.ts';
import type { WebDeps } from '#web/deps.ts';

/**
 * What goes with a call that changes the charger's own password, however it was asked for: without its hash, the door
 * would keep out the charger that obeyed. Nothing for any other call.
 */
export async function withPasswordHash(
  deps: Pick<WebDeps, 'chargerSecurity'>,
  call: CallToChargePoint,
): Promise<Pick<CommandRequest, 'passwordHash'>> {
  if (call.action !== 'ChangeConfiguration' || call.key.toLowerCase() !== PASSWORD_KEY) return {};
  const passwordHash = await deps.chargerSecurity.hashOf(call.value);
  return passwordHash === null ? {} : { passwordHash };
}
