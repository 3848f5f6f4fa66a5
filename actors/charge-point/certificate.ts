import type { Decision } from '#actors/decision.ts';
import type { EventLevel } from '#src/storage/ports.ts';
import type { AnswerToChargePoint } from '#src/wire/ocpp/messages.ts';
import type { Certified } from './certified.ts';
import { enqueued } from './commands.ts';
import type { ChargePointState, ReadyCall } from './state.ts';

/** Who is said to have asked for a command that the server makes of itself. */
const SERVER = 'Vigie';

type Answering = (
  state: ChargePointState,
  answer: AnswerToChargePoint,
  level: EventLevel,
  note: string | null,
) => Decision<ChargePointState>['effects'][number];

/** The charger is answered first, and is given its certificate after that (security whitepaper, use case A02). */
export function onSignCertificate(
  state: ChargePointState,
  message: ReadyCall,
  answering: Answering,
): Decision<ChargePointState> {
  const { facts, atMs } = message;
  const certified: Certified = facts?.about === 'certificate' ? facts.certified : { ok: false, why: 'no-authority' };
  if (!certified.ok) {
    const no = { action: 'SignCertificate', status: 'Rejected' } as const;
    return { state, effects: [answering(state, no, 'problem', certified.why)] };
  }
  const yes = answering(state, { action: 'SignCertificate', status: 'Accepted' }, 'info', null);
  const handed = enqueued(state, {
    commandId: `certificate-${certified.fingerprint.slice(0, 20)}`,
    call: { action: 'CertificateSigned', certificateChain: certified.chain },
    requestedBy: SERVER,
    atMs,
  });
  return { state: handed.state, effects: [yes, ...handed.effects] };
}
