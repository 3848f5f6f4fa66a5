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
    file,
    batchId,
    expiresAtMs = null,
  }: Pick<CommandRequest, 'commandId' | 'call' | 'passwordHash' | 'file' | 'batchId'> & {
    /** Null: it does not wait for an absent charger. */
    readonly expiresAtMs?: number | null;
  },
): Promise<CommandView> {
  const { login, nowMs } = c.var;
  return chargePoint.ask<CommandView>((replyTo) => ({
    type: 'command',
    commandId,
    call,
    ...(passwordHash !== undefined && { passwordHash }),
    ...(file !== undefined && { file }),
    ...(batchId !== undefined && { batchId }),
    ...(expiresAtMs !== null && { expiresAtMs }),
    requestedBy: login.name,
    atMs: nowMs,
    replyTo,
  }));
}
