import type { CommandRequest, CommandView } from '#actors/charge-point/messages.ts';
import type { Asked } from '#actors/directory.ts';
import type { PageContext } from '#web/views/env.ts';

/** Asks a charger for a call, in the name of who is signed in. */
export function sendCommand(
  c: PageContext,
  chargePoint: Asked<CommandRequest>,
  {
    commandId,
    call,
    passwordHash,
    expiresAtMs,
  }: Pick<CommandRequest, 'commandId' | 'call' | 'passwordHash' | 'expiresAtMs'>,
): Promise<CommandView> {
  const { login, nowMs } = c.var;
  return chargePoint.ask<CommandView>((replyTo) => ({
    type: 'command',
    commandId,
    call,
    ...(passwordHash !== undefined && { passwordHash }),
    ...(expiresAtMs !== undefined && { expiresAtMs }),
    requestedBy: login.name,
    atMs: nowMs,
    replyTo,
  }));
}
