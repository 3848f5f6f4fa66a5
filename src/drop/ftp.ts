import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { remoteAddressOf } from '#src/edges/remote-address.ts';
import { stopperOf } from '#src/edges/stopper.ts';
import type { DropJob } from '#src/storage/drop-port.ts';
import type { Drop, DropRefusal, Knock } from './drop.ts';
import type { DropServer } from './http.ts';

/** A charger that says nothing for so long has gone. */
const IDLE_MS = 120_000;
/** How long its data connection is waited for. */
const DATA_WAIT_MS = 30_000;
const LINE_CHARACTERS_MAX = 512;
/** Control connections at one time. */
const SESSIONS_MAX = 128;

/**
 * The drop over FTP (RFC 959, 2428, 3659), for chargers that know nothing else: passive mode, binary, one file in one
 * direction. Who logs in is a job, its key is the password, and the first folder of a path is the charger (decision 0026).
 */
export async function listenDropFtp(options: { host: string; port: number; drop: Drop }): Promise<DropServer> {
  const sessions = new Set<Session>();
  const server = createServer((socket) => {
    if (sessions.size >= SESSIONS_MAX) return void socket.end('421 too many connections\r\n');
    const session = new Session(socket, options.drop);
    sessions.add(session);
    socket.once('close', () => {
      session.close();
      sessions.delete(session);
    });
  });
  const stop = stopperOf(server);
  await new Promise<void>((resolve, fail) => {
    server.once('error', fail);
    server.listen({ host: options.host, port: options.port }, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    stop: () => stop(0),
  };
}

const REFUSALS: Readonly<Record<DropRefusal, string>> = {
  'drop-unknown': '530 unknown',
  'drop-expired': '550 expired',
  'drop-other-charger': '550 not there',
  'drop-closed': '550 done already',
  'drop-file-gone': '550 not there',
  'drop-too-large': '552 too large',
  'drop-broken': '426 broken off',
  'drop-busy': '450 too many transfers',
  'drop-wrong-way': '550 the other way',
};

/** One control connection: its commands one after the other. */
class Session {
  readonly #socket: Socket;
  readonly #drop: Drop;
  #unread = '';
  #turn: Promise<void> = Promise.resolve();
  #user = '';
  #password = '';
  #from = 0;
  #listener: Server | null = null;
  #data: Promise<Socket> | null = null;
  /** Data connections that came and have not gone. */
  readonly #came = new Set<Socket>();

  constructor(socket: Socket, drop: Drop) {
    this.#socket = socket;
    this.#drop = drop;
    socket.setTimeout(IDLE_MS, () => socket.destroy());
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: Buffer) => this.#read(chunk.toString('utf8')));
    this.#say('220 Vigie');
  }

  /** With everything that hangs on it: a transfer does not outlive who asked for it. */
  close(): void {
    this.#listener?.close();
    for (const data of this.#came) data.destroy();
    this.#socket.destroy();
  }

  #say(line: string): void {
    if (!this.#socket.destroyed) this.#socket.write(`${line}\r\n`);
  }

  #read(text: string): void {
    const lines = (this.#unread + text).split(/\r?\n/);
    this.#unread = lines.pop() ?? '';
    if (this.#unread.length > LINE_CHARACTERS_MAX || lines.length > 20) return void this.#socket.destroy();
    for (const line of lines) {
      this.#turn = this.#turn.then(() => this.#obey(line.slice(0, LINE_CHARACTERS_MAX))).catch(() => this.close());
    }
  }

  async #obey(line: string): Promise<void> {
    const [, verb = '', argument = ''] = /^(\w+) ?(.*)$/.exec(line) ?? [];
    switch (verb.toUpperCase()) {
      case 'USER':
        this.#user = argument;
        return this.#say('331 the key');
      case 'PASS':
        this.#password = argument;
        // Which charger it is, the path will tell: only then is there anything to refuse.
        return this.#say('230 come in');
      case 'TYPE':
      case 'MODE':
      case 'STRU':
      case 'OPTS':
      case 'NOOP':
        return this.#say('200 yes');
      case 'SYST':
        return this.#say('215 UNIX Type: L8');
      case 'FEAT':
        return this.#say('211-\r\n SIZE\r\n REST STREAM\r\n EPSV\r\n211 end');
      case 'PWD':
        return this.#say('257 "/"');
      case 'CWD':
      case 'CDUP':
        // Paths are given whole.
        return this.#say(argument === '/' || argument === '' ? '250 yes' : '550 give the whole path');
      case 'PASV':
      case 'EPSV':
        return this.#passive(verb.toUpperCase());
      case 'REST':
        this.#from = /^\d{1,12}$/.test(argument) ? Number(argument) : 0;
        return this.#say('350 yes');
      case 'SIZE': {
        const found = await this.#open(argument, 'firmware');
        return found === null ? undefined : this.#say(`213 ${found.bytes}`);
      }
      case 'RETR':
        return this.#send(argument);
      case 'STOR':
        return this.#receive(argument);
      case 'QUIT':
        this.#say('221 goodbye');
        return void this.#socket.end();
      default:
        return this.#say('502 not here');
    }
  }

  /** `/<identity>/<file>`: the identity must be that of the job. */
  #knock(path: string): { readonly knock: Knock; readonly fileName: string } {
    const [identity = '', fileName = ''] = path.replace(/^\/+/, '').split('/', 2);
    const remoteAddress = remoteAddressOf(this.#socket);
    return { knock: { identity: decoded(identity), key: `${this.#user}.${this.#password}`, remoteAddress }, fileName };
  }

  async #open(path: string, kind: DropJob['kind']) {
    const { knock, fileName } = this.#knock(path);
    const opened = await this.#drop.admit(knock, kind);
    if (!opened.ok) {
      this.#say(REFUSALS[opened.why]);
      return null;
    }
    const bytes = kind === 'log' ? 0 : await this.#drop.size(knock, opened.job);
    if (bytes !== null) return { knock, fileName, job: opened.job, bytes };
    this.#say(REFUSALS['drop-file-gone']);
    return null;
  }

  async #send(path: string): Promise<void> {
    const start = this.#from;
    this.#from = 0;
    const found = await this.#open(path, 'firmware');
    if (found === null) return;
    const { bytes: total, knock, job } = found;
    if (start >= total) return this.#say('554 beyond the end');
    const data = await this.#connected();
    if (data === null) return;
    try {
      await pipeline(this.#drop.fetch(knock, job, { start, end: total - 1, total }), data);
      this.#say('226 done');
    } catch {
      // The charger went away half-way, which the drop has seen.
      this.#say('426 broken off');
    }
  }

  async #receive(path: string): Promise<void> {
    const found = await this.#open(path, 'log');
    if (found === null) return;
    const data = await this.#connected();
    if (data === null) return;
    const { knock, job, fileName } = found;
    const left = await this.#drop.leave(knock, job, data, { fileName, bytes: null });
    data.destroy();
    this.#say(left.ok ? '226 done' : REFUSALS[left.why]);
  }

  /** Listens for one data connection, from where the control connection came and from nowhere else. */
  async #passive(verb: string): Promise<void> {
    this.#listener?.close();
    const listener = createServer({ pauseOnConnect: true });
    this.#listener = listener;
    await new Promise<void>((resolve) => listener.listen({ host: this.#socket.localAddress, port: 0 }, resolve));
    this.#data = new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('nobody came')), DATA_WAIT_MS);
      listener.on('connection', (socket) => {
        socket.on('error', () => socket.destroy());
        if (socket.remoteAddress !== this.#socket.remoteAddress) return void socket.destroy();
        clearTimeout(timer);
        listener.close();
        this.#came.add(socket);
        socket.once('close', () => this.#came.delete(socket));
        resolve(socket);
      });
      listener.once('close', () => clearTimeout(timer));
    });
    this.#data.catch(() => undefined);
    const { port } = listener.address() as AddressInfo;
    if (verb === 'EPSV') return this.#say(`229 here (|||${port}|)`);
    const host = (this.#socket.localAddress ?? '').replace(/^::ffff:/, '').replaceAll('.', ',');
    this.#say(`227 here (${host},${port >> 8},${port & 0xff})`);
  }

  async #connected(): Promise<Socket | null> {
    const waiting = this.#data;
    this.#data = null;
    if (waiting === null) {
      this.#say('425 passive mode first');
      return null;
    }
    this.#say('150 now');
    try {
      const data = await waiting;
      data.setTimeout(IDLE_MS, () => data.destroy());
      return data;
    } catch {
      this.#say('425 nobody came');
      return null;
    }
  }
}

function decoded(identity: string): string {
  try {
    return decodeURIComponent(identity);
  } catch {
    return ''; // URIError: a stray % sign, and nobody's identity.
  }
}
