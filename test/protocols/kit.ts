import { onTestFinished } from 'vitest';
import { REAL_CLOCK } from '#src/simulator/fleet.ts';
import { KitMemory, type Body } from '#src/simulator/kit/memory.ts';
import { KitSpeaker } from '#src/simulator/kit/speaker.ts';
import type { CallToChargePoint } from '#src/wire/ocpp/messages.ts';
import { KIT_KEY } from '../fixtures/kit-key.ts';
import { within } from '../fixtures/until.ts';
import type { ScenarioAnswer, ScenarioCall, ScenarioFamily, ScenarioStatus } from './charger.ts';

/** A question is given up after some three seconds. */
const PATIENCE = 0.2;

const STATES: Readonly<Record<ScenarioStatus, string>> = {
  Available: 'free',
  Preparing: 'parked',
  Charging: 'charging',
  Finishing: 'finished',
  Unavailable: 'out',
  Faulted: 'fault',
};

/** A Pulse kit: what the scenario says in the words of OCPP, it says in its own. */
export const PULSE_KIT: ScenarioFamily = {
  name: 'LafonPulse',
  protocol: 'lafonpulse',
  // A kit keeps a white list of its own making, and no reservations.
  lacks: new Set(['ReserveNow', 'CancelReservation', 'GetLocalListVersion']),
  movesFiles: true,
  async connect(server, identity) {
    const calls: ScenarioCall[] = [];
    const waits: ((call: ScenarioCall) => void)[] = [];
    const kit = new KitSpeaker({
      host: '127.0.0.1',
      port: server.side.portOf('lafonpulse'),
      serial: identity,
      key: KIT_KEY,
      clock: REAL_CLOCK,
      memory: new KitMemory(),
      patience: PATIENCE,
      greeted: () => undefined,
      obey: (order) =>
        new Promise((done) => {
          const call: ScenarioCall = { call: callOf(order), reply: (answer) => done(doneOf(answer)) };
          const wait = waits.shift();
          if (wait === undefined) calls.push(call);
          else wait(call);
        }),
    });
    onTestFinished(() => kit.close());
    await kit.open();
    async function ask(body: Body): Promise<Body> {
      const reply = await kit.say(body, 'question');
      if (reply === null) throw new Error(`${String(body['say'])} was not answered`);
      if (reply['fault'] !== undefined)
        throw new Error(`${String(body['say'])} was refused: ${String(reply['detail'])}`);
      return reply;
    }
    return {
      async boot() {
        const { ok } = await ask({
          say: 'start',
          why: 'power',
          make: 'Atelier',
          model: 'Pulse 22',
          soft: 'KIPA1B204A',
        });
        if (ok !== true) throw new Error('the start was refused');
      },
      async status(status, connectorId = 1) {
        await ask({ say: 'state', point: connectorId, at: at(Date.now()), state: STATES[status] });
      },
      async authorize(idTag) {
        return (await ask({ say: 'may', point: 1, by: badge(idTag) }))['ok'] === true;
      },
      async start({ idTag, meterStartWh, atMs, connectorId = 1 }) {
        const began = { say: 'began', point: connectorId, socket: 1, run: 1, leave: 'server' };
        const reply = await ask({ ...began, at: at(atMs), by: badge(idTag), meter: meterStartWh });
        return { transactionId: reply['number'] as number, accepted: reply['ok'] === true };
      },
      async meter({ transactionId, registerWh, atMs, connectorId = 1 }) {
        await ask({ say: 'meter', point: connectorId, at: at(atMs), number: transactionId, meter: registerWh });
      },
      async stop({ transactionId, idTag, meterStopWh, atMs }) {
        const ended = { say: 'ended', point: 1, run: 1, at: at(atMs), number: transactionId, meter: meterStopWh };
        await ask({ ...ended, why: 'user', ...(idTag !== undefined && { by: badge(idTag) }) });
      },
      async fileStatus(about, status) {
        await ask({ say: about === 'firmware' ? 'firmware' : 'diagnostics', state: status.toLowerCase() });
      },
      nextCall() {
        const waiting = calls.shift();
        if (waiting !== undefined) return Promise.resolve(waiting);
        return within('an order of the server', new Promise<ScenarioCall>((resolve) => waits.push(resolve)));
      },
      lose: () => kit.close(),
      back: () => kit.open(),
    };
  },
};

function at(ms: number): string {
  return new Date(ms).toISOString();
}

function badge(value: string): Body {
  return { kind: 'rfid', value };
}

/** An order, as the call that it was made of. */
function callOf(order: Body): CallToChargePoint {
  const { point } = order;
  const connectorId = point as number;
  switch (order['do']) {
    case 'charge': {
      const idTag = (order['by'] as { value: string }).value;
      return { action: 'RemoteStartTransaction', idTag, ...(point !== undefined && { connectorId }) };
    }
    case 'stop':
      return { action: 'RemoteStopTransaction', transactionId: order['number'] as number };
    case 'unlock':
      return { action: 'UnlockConnector', connectorId };
    case 'reset':
      return { action: 'Reset', type: order['hard'] === true ? 'Hard' : 'Soft' };
    case 'serve':
      return { action: 'ChangeAvailability', connectorId, type: order['on'] === true ? 'Operative' : 'Inoperative' };
    case 'read':
      return { action: 'GetConfiguration', key: order['keys'] as string[] };
    case 'write':
      return { action: 'ChangeConfiguration', key: order['key'] as string, value: order['value'] as string };
    case 'firmware':
      return { action: 'UpdateFirmware', location: order['url'] as string, retrieveDate: order['at'] as string };
    case 'diagnostics':
      return { action: 'GetDiagnostics', location: order['url'] as string };
    case 'forget':
      return { action: 'ClearCache' };
    case 'tell':
      return { action: 'TriggerMessage', requestedMessage: 'StatusNotification', connectorId };
    default:
      throw new Error(`no such order: ${String(order['do'])}`);
  }
}

const DONE: Readonly<Record<string, string>> = {
  Accepted: 'accepted',
  Rejected: 'refused',
  Scheduled: 'scheduled',
  Unlocked: 'unlocked',
};

function doneOf(answer: ScenarioAnswer): Body {
  if ('configurationKey' in answer) {
    const keys = answer.configurationKey.map(({ key, value, readonly }) => [key, value ?? '', !readonly]);
    return { keys, unknown: answer.unknownKey, more: false };
  }
  if ('fileName' in answer) return { status: 'accepted', file: answer.fileName };
  return { status: 'status' in answer ? (DONE[answer.status] ?? answer.status) : 'accepted' };
}
