import type { Answer } from '#actors/decision.ts';
import type { EventLevel } from '#src/storage/ports.ts';
import type { AnswerToChargePoint } from '#src/wire/ocpp/messages.ts';
import type { Received } from './messages.ts';
import type { ConnectorState } from './state.ts';

/** The answer to a charger's call, and the line of the journal that holds both frames. */
export function answerTo(
  connector: ConnectorState,
  received: Received,
  answer: AnswerToChargePoint,
  level: EventLevel,
  note: string | null = null,
): Answer {
  const { from, frame, tolerated, atMs } = received;
  const notes = tolerated.length === 0 ? note : [...tolerated, ...(note === null ? [] : [note])].join(',');
  const { chargePointId, connectorId } = connector;
  const draft =
    frame === null
      ? null
      : {
          atMs,
          chargePointId,
          connectorId,
          level,
          kind: 'frame-in' as const,
          name: answer.action,
          request: frame,
          note: notes,
        };
  return { type: 'answer', to: from, answer, draft };
}
