import type { Answer } from '#actors/decision.ts';
import type { EventLevel } from '#src/storage/ports.ts';
import type { AnswerToChargePoint } from '#src/wire/ocpp/messages.ts';
import type { ChargePointState, ReadyCall } from './state.ts';

/** The answer to a call, and the line of the journal that holds both frames; none during a flood (field-37). */
export function answerTo(
  state: ChargePointState,
  message: ReadyCall,
  answer: AnswerToChargePoint,
  level: EventLevel,
  note: string | null = null,
): Answer {
  const { from, frame, tolerated, atMs } = message;
  const notes = tolerated.length === 0 ? note : [...tolerated, ...(note === null ? [] : [note])].join(',');
  const draft =
    frame === null
      ? null
      : {
          atMs,
          chargePointId: state.chargePointId,
          connectorId: null,
          level,
          kind: 'frame-in' as const,
          name: answer.action,
          request: frame,
          note: notes,
        };
  return { type: 'answer', to: from, answer, draft };
}

/** Always UTC with a final Z (field-21). A busy millisecond is told many times. */
export function utc(ms: number): string {
  if (ms !== told.ms) told = { ms, text: new Date(ms).toISOString() };
  return told.text;
}

let told = { ms: 0, text: new Date(0).toISOString() };
