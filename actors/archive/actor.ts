import { replyWith, type Effect } from '#actors/decision.ts';
import type { CommandView } from '#actors/charge-point/messages.ts';
import type { ActorId, Reader } from '#src/storage/ports.ts';
import type { ArchiveMessage } from './messages.ts';

/** The one id of the archive actor. */
export const ARCHIVE: ActorId = 'archive';

/** Answers from disk, one question at a time, through its storage port. */
export function archiveService(reader: Reader): (message: ArchiveMessage) => Promise<readonly Effect[]> {
  return async (message) => {
    switch (message.type) {
      case 'events':
        return [replyWith(message.replyTo, await reader.events(message.query))];
      case 'sessions':
        return [replyWith(message.replyTo, await reader.sessions(message.query))];
      case 'command': {
        const row = await reader.command(message.commandId);
        return [replyWith(message.replyTo, row === null ? null : (row.state as CommandView))];
      }
      case 'reviews':
        return [replyWith(message.replyTo, await reader.reviews(message.chargePointId, message.limit))];
    }
  };
}
