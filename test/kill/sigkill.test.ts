import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import type { WalletState } from '#actors/wallet/state.ts';
import { cents } from '#src/domain/money.ts';
import { energyPrice } from '#src/domain/tariff.ts';
import type { SessionRow, Storage } from '#src/storage/ports.ts';
import { startChargerSide } from '#src/charger-side.ts';
import { openSqlite } from '#src/storage/sqlite/open.ts';
import { aChargePoint, aStation } from '../storage/rows.ts';
import { until } from '../fixtures/until.ts';

const SEED = 20_261;
const KILLS = 20;
const CHARGERS = 30;
const MILLS_PER_KWH = 350;
/** Of a server's life between its first answer and its end. */
const LIFE_MIN_MS = 30;
const LIFE_SPREAD_MS = 350;
const QUIET = { info: () => undefined, warn: () => undefined, error: () => undefined };
const ENTRY = fileURLToPath(new URL('server.ts', import.meta.url));

/** Chance that can be repeated: a failure prints nothing more than the seed above. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

type Server = ChildProcessByStdio<Writable, Readable, null>;

/** A process that has loaded its program and waits for its turn: the file has one owner at a time. */
function prepared(folder: string): Server {
  const env = { ...process.env, NODE_COMPILE_CACHE: join(folder, 'compiled') };
  return spawn(process.execPath, [ENTRY, join(folder, 'vigie.sqlite')], { stdio: ['pipe', 'pipe', 'inherit'], env });
}

/** Its port. */
async function open(server: Server): Promise<number> {
  const lines = createInterface({ input: server.stdout });
  server.stdin.write('open\n');
  const [line] = (await once(lines, 'line')) as [string];
  return (JSON.parse(line) as { port: number }).port;
}

async function kill(server: Server): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, 'exit');
  server.kill('SIGKILL');
  await ended;
}

type Done = { readonly transactionId: number; readonly energyWh: number; stopped: boolean };
type Pending = {
  readonly id: string;
  readonly action: 'StartTransaction' | 'MeterValues' | 'StopTransaction';
  readonly text: string;
};

/** A charger that charges without end, and sends again, word for word, what was not answered. */
class Load {
  /** Every transaction whose start was acknowledged. */
  readonly done: Done[] = [];
  readonly #identity: string;
  readonly #chance: () => number;
  #socket: WebSocket | null = null;
  #pending: Pending | null = null;
  #current: Done | null = null;
  #registerWh = 1_000;
  #startedMs = Date.UTC(2026, 0, 1);
  #count = 0;
  #resting = false;
  answers = 0;

  constructor(identity: string, chance: () => number) {
    this.#identity = identity;
    this.#chance = chance;
  }

  dial(port: number): void {
    this.#socket?.terminate();
    const socket = new WebSocket(`ws://127.0.0.1:${port}/${this.#identity}`, ['ocpp1.6'], { perMessageDeflate: false });
    this.#socket = socket;
    socket.on('error', () => undefined);
    socket.on('open', () => this.#next());
    socket.on('message', (data) =>
      this.#answered(JSON.parse(String(data)) as [number, string, { transactionId?: number }]),
    );
  }

  /** Ends the session under way and begins no other. */
  rest(): void {
    this.#resting = true;
  }

  get rested(): boolean {
    return this.#resting && this.#pending === null && this.#current === null;
  }

  close(): void {
    this.#socket?.terminate();
  }

  #next(): void {
    this.#pending ??= this.#decide();
    if (this.#pending !== null) this.#socket?.send(this.#pending.text);
  }

  #decide(): Pending | null {
    const id = `${this.#identity}-${++this.#count}`;
    const current = this.#current;
    if (current === null) {
      if (this.#resting) return null;
      this.#startedMs += 86_400_000;
      const payload = {
        connectorId: 1,
        idTag: `BADGE-${this.#identity}`,
        meterStart: this.#registerWh,
        timestamp: iso(this.#startedMs),
      };
      return { id, action: 'StartTransaction', text: JSON.stringify([2, id, 'StartTransaction', payload]) };
    }
    const { transactionId, energyWh } = current;
    if (this.#chance() < 0.5) {
      const sampledValue = [{ value: String(this.#registerWh + Math.floor(energyWh / 2)) }];
      const payload = {
        connectorId: 1,
        transactionId,
        meterValue: [{ timestamp: iso(this.#startedMs + 3_600_000), sampledValue }],
      };
      return { id, action: 'MeterValues', text: JSON.stringify([2, id, 'MeterValues', payload]) };
    }
    const payload = {
      transactionId,
      meterStop: this.#registerWh + energyWh,
      timestamp: iso(this.#startedMs + 7_200_000),
    };
    return { id, action: 'StopTransaction', text: JSON.stringify([2, id, 'StopTransaction', payload]) };
  }

  #answered([type, id, payload]: [number, string, { transactionId?: number }]): void {
    const pending = this.#pending;
    if (type !== 3 || pending?.id !== id) return;
    this.answers += 1;
    this.#pending = null;
    if (pending.action === 'StartTransaction') {
      this.#current = {
        transactionId: payload.transactionId ?? 0,
        energyWh: 1 + Math.floor(this.#chance() * 9_000),
        stopped: false,
      };
      this.done.push(this.#current);
    }
    if (pending.action === 'StopTransaction' && this.#current !== null) {
      this.#current.stopped = true;
      this.#registerWh += this.#current.energyWh;
      this.#current = null;
    }
    this.#next();
  }
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

async function declare(storage: Storage, names: readonly string[]): Promise<void> {
  await storage.registry.putStation(aStation());
  const puts = names.flatMap((name, index) => {
    const idTag = `BADGE-${name}`;
    return [
      storage.registry.putChargePoint(
        aChargePoint({ chargePointId: name, key: name, energyPriceMillsPerKwh: MILLS_PER_KWH, powerMaxW: 0 }),
      ),
      // Every third driver shares a wallet with others.
      storage.registry.putIdToken({
        key: idTag,
        idTag,
        blocked: false,
        expiresAtMs: null,
        walletId: `w${index % 20}`,
        driver: null,
        freeService: false,
      }),
    ];
  });
  await Promise.all(puts);
  await storage.close();
}

async function allSessions(storage: Storage, names: readonly string[]): Promise<SessionRow[]> {
  const perCharger = await Promise.all(
    names.map((chargePointId) => storage.reader.sessions({ chargePointId, limit: 10_000 })),
  );
  return perCharger.flat();
}

test(
  `field-06: killed ${KILLS} times at random instants, the server has kept all that it acknowledged, once`,
  { timeout: 120_000 },
  async () => {
    const chance = seeded(SEED);
    const folder = await mkdtemp(join(tmpdir(), 'vigie-kill-'));
    const database = join(folder, 'vigie.sqlite');
    const names = Array.from({ length: CHARGERS }, (_, index) => `K${index}`);
    await declare(await openSqlite({ path: database, node: 'test' }), names);
    const loads = names.map((name) => new Load(name, chance));
    const servers: Server[] = [prepared(folder)];
    onTestFinished(async () => {
      for (const load of loads) load.close();
      await Promise.all(servers.map(kill));
      await rm(folder, { recursive: true, force: true });
    });
    const answers = () => loads.reduce((sum, load) => sum + load.answers, 0);

    for (let round = 0; round < KILLS; round++) {
      const server = servers[round];
      if (server === undefined) throw new Error('one is always prepared');
      servers.push(prepared(folder));
      const port = await open(server);
      const before = answers();
      for (const load of loads) load.dial(port);
      await until('an answer', () => answers() > before, 10_000);
      await new Promise((resolve) => setTimeout(resolve, LIFE_MIN_MS + chance() * LIFE_SPREAD_MS));
      await kill(server);
    }

    const storage = await openSqlite({ path: database, node: 'test' });
    const side = await startChargerSide({
      storage,
      host: '127.0.0.1',
      ocppJsonPort: 0,
      soap: null,
      welcomeStrangers: true,
      office: null,
      timeZone: 'UTC',
      alerts: null,
      recharges: null,
      log: QUIET,
    });
    onTestFinished(async () => {
      await side.stop();
      await storage.close();
    });
    for (const load of loads) {
      load.rest();
      load.dial(side.portOf('ocpp-1.6-json'));
    }
    await until('every charger at rest', () => loads.every((load) => load.rested), 30_000);
    await until(
      'the outbox delivered',
      async () => (await storage.actors.staleOutbox(Number.MAX_SAFE_INTEGER, 1)).length === 0,
    );

    const done = loads.flatMap((load) => load.done);
    const sessions = await allSessions(storage, names);

    expect(done.length).toBeGreaterThan(KILLS * 3);
    expect(new Set(done.map((one) => one.transactionId)).size).toBe(done.length);
    expect(new Set(sessions.map((row) => row.startKey)).size).toBe(sessions.length);
    const byId = new Map(sessions.map((row) => [row.transactionId, row]));
    for (const { transactionId, energyWh, stopped } of done) {
      expect(stopped).toBe(true);
      expect(byId.get(transactionId)).toMatchObject({
        closing: 'final',
        energyWh,
        price: energyPrice(energyWh, MILLS_PER_KWH),
      });
    }
    // A start is sent again until it is answered: no session is there that its charger does not know.
    expect(sessions).toHaveLength(done.length);

    for (const walletId of new Set(sessions.map((row) => row.walletId))) {
      if (walletId === null) continue;
      const ledger = await storage.reader.ledger(walletId, 100_000);
      const owed = sessions.filter((row) => row.walletId === walletId).reduce((sum, row) => sum + (row.price ?? 0), 0);
      const debited = ledger.reduce((sum, entry) => sum + entry.amount, 0);
      expect(debited).toBe(0 - owed);
      const [claim] = await storage.actors.claimMany([`wallet/${walletId}`]);
      expect((claim?.state as WalletState | null)?.balance ?? cents(0)).toBe(debited);
    }
  },
);
