import { once } from 'node:events';
import smpp, { type Pdu, type Session } from 'smpp';
import { senderOf, type IncomingSms } from '#src/domain/incoming-sms.ts';
import { detailOf, later, type Delivery, type Outgoing, type ReceivedSms, type Transport } from './transport.ts';

const ANSWER_MS = 15_000;
const UNBIND_MS = 2_000;
const MINUTE_MS = 60_000;
/** Of one SMS, in octets: 160 characters of seven bits, or 70 of sixteen (3GPP TS 23.040). */
const GSM_OCTETS_MAX = 160;
const UCS2_OCTETS_MAX = 140;
/** SMPP 3.4 §5.2.19. */
const CODING_DEFAULT = 0;
const CODING_UCS2 = 8;
/** SMPP 3.4 §5.2.5, §5.2.6: an international number of the telephone plan, or a name of letters. */
const INTERNATIONAL = { ton: 1, npi: 1 };
const ALPHANUMERIC = { ton: 5, npi: 0 };
/** SMPP 3.4 §5.1.3: what is wrong with this message, whoever sends it and whenever. */
const FINAL: ReadonlySet<string> = new Set([
  'ESME_RINVMSGLEN',
  'ESME_RINVDSTADR',
  'ESME_RINVDSTTON',
  'ESME_RINVDSTNPI',
  'ESME_RINVDCS',
]);

/** SMPP 3.4 §5.2.12: of these bits nothing is set in a text of a person; something is in a delivery receipt. */
const ESM_TYPE = 0x3c;
/** A session that only listens is bound again after this. */
const REBIND_MS = 30_000;

type SmppOptions = {
  readonly url: string;
  readonly from: string;
  /** What people send to our number; without, what comes in is thanked for and forgotten. */
  readonly received?: ReceivedSms;
};

/**
 * SMS over SMPP 3.4: `smpp://system:password@host:2775`, or `ssmpp://` over TLS. One session is bound with the first
 * message and kept; when it is lost the next message binds another. A message whose answer did not come counts as not
 * accepted. Whoever wants what comes in has a session always, as far as the centre lets him.
 */
export function smppTransport(options: SmppOptions): Transport {
  let bound: Promise<Session> | null = null;
  function session(): Promise<Session> {
    bound ??= bind(options, lost).catch((error: unknown) => {
      lost();
      throw error;
    });
    return bound;
  }
  let again: NodeJS.Timeout | undefined;
  let isClosed = false;
  function lost(): void {
    bound = null;
    if (options.received === undefined || isClosed) return;
    clearTimeout(again);
    again = setTimeout(listen, REBIND_MS).unref();
  }
  function listen(): void {
    // What cannot be bound is told with the next message that should leave, and tried again.
    if (!isClosed) session().catch(() => undefined);
  }
  if (options.received !== undefined) listen();
  return {
    async send(message) {
      try {
        const open = await session();
        const answer = await asked(open, (answered) => open.submit_sm(submission(message, options.from), answered));
        return deliveryOf(answer);
      } catch (error) {
        return later(detailOf(error));
      }
    },
    async close() {
      isClosed = true;
      clearTimeout(again);
      const open = await bound?.catch(() => null);
      if (!open) return;
      await asked(open, (answered) => open.unbind(answered), UNBIND_MS).catch(() => undefined);
      open.destroy();
    },
  };
}

/** @throws when the server cannot be reached, or refuses the login. */
async function bind({ url, received }: SmppOptions, onLost: () => void): Promise<Session> {
  const { hostname, port, protocol, username, password } = new URL(url);
  const tls = protocol === 'ssmpp:';
  const session = smpp.connect({
    host: hostname.replaceAll(/[[\]]/g, ''),
    port: Number(port) || (tls ? 3550 : 2775),
    tls,
  });
  // An error closes the socket, and the next message binds again: nothing else is to be done about it.
  session.on('error', () => session.destroy());
  session.once('close', onLost);
  await once(session, tls ? 'secureConnect' : 'connect', { signal: AbortSignal.timeout(ANSWER_MS) }).catch(
    (error: unknown) => {
      session.destroy();
      throw error;
    },
  );
  session.on('enquire_link', (pdu: Pdu) => session.send(pdu.response()));
  session.on('deliver_sm', (pdu: Pdu) => void takenOver(pdu, received).then((answer) => session.send(answer)));
  session.on('unbind', (pdu: Pdu) => {
    session.send(pdu.response());
    session.close();
  });
  const login = { system_id: decodeURIComponent(username), password: decodeURIComponent(password) };
  const answer = await asked(session, (answered) => session.bind_transceiver(login, answered));
  if (answer.command_status === 0) return session;
  session.destroy();
  throw new Error(`the SMPP server refuses the login: ${statusName(answer.command_status)}`);
}

/** What came in, answered once it is on disk; else the centre keeps it and brings it again (SMPP 3.4 §5.1.3). */
async function takenOver(pdu: Pdu, received: ReceivedSms | undefined): Promise<Pdu> {
  const sms = (Number(pdu['esm_class']) & ESM_TYPE) === 0 ? smsIn(pdu) : null;
  if (sms === null || received === undefined) return pdu.response();
  try {
    await received(sms);
    return pdu.response();
  } catch {
    // Whoever could not take it has told why elsewhere.
    return pdu.response({ command_status: smpp.errors['ESME_RX_T_APPN'] });
  }
}

/** Null for a sender that is no number. A centre gives no ids: what is the same within a minute is the same. */
function smsIn(pdu: Pdu): IncomingSms | null {
  const from = senderOf(String(pdu['source_addr'] ?? ''));
  const text = textOf(pdu['message_payload']) || textOf(pdu['short_message']);
  if (from === null) return null;
  return { from, text, id: `${text} ${Math.floor(Date.now() / MINUTE_MS)}` };
}

function textOf(field: unknown): string {
  if (typeof field === 'string') return field;
  const message: unknown = typeof field === 'object' && field !== null && 'message' in field ? field.message : '';
  return typeof message === 'string' ? message : '';
}

/** The answer to one request. @throws when the session is lost before it, or it does not come. */
function asked(session: Session, send: (answered: (answer: Pdu) => void) => boolean, ms = ANSWER_MS): Promise<Pdu> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      session.off('close', lost);
    };
    const lost = (): void => {
      end();
      reject(new Error('the SMPP session was lost'));
    };
    const timer = setTimeout(() => {
      end();
      // What is silent now would swallow the next message too.
      session.destroy();
      reject(new Error('the SMPP server does not answer'));
    }, ms);
    session.once('close', lost);
    const isSent = send((answer) => {
      end();
      resolve(answer);
    });
    if (!isSent) lost();
  });
}

function submission(message: Outgoing, from: string): Readonly<Record<string, unknown>> {
  const { ASCII: GSM, UCS2 } = smpp.encodings;
  const isGsm = GSM.match(message.text);
  const octets = (isGsm ? GSM : UCS2).encode(message.text);
  const fitsOne = octets.length <= (isGsm ? GSM_OCTETS_MAX : UCS2_OCTETS_MAX);
  const sender = /^\+?\d+$/.test(from) ? INTERNATIONAL : ALPHANUMERIC;
  return {
    source_addr_ton: sender.ton,
    source_addr_npi: sender.npi,
    source_addr: from.replace(/^\+/, ''),
    dest_addr_ton: INTERNATIONAL.ton,
    dest_addr_npi: INTERNATIONAL.npi,
    destination_addr: message.to.replace(/^\+/, ''),
    data_coding: isGsm ? CODING_DEFAULT : CODING_UCS2,
    // A long text goes whole, in one request with one answer: the centre cuts it (SMPP 3.4 §5.3.2.32).
    ...(fitsOne ? { short_message: octets } : { short_message: Buffer.alloc(0), message_payload: octets }),
  };
}

function deliveryOf({ command_status: status }: Pdu): Delivery {
  if (status === 0) return { result: 'accepted' };
  const detail = statusName(status);
  return { result: FINAL.has(detail) ? 'refused' : 'later', detail };
}

function statusName(status: number): string {
  return Object.entries(smpp.errors).find(([, code]) => code === status)?.[0] ?? `SMPP status ${status}`;
}
