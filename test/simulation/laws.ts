import type { CommandView } from '#actors/charge-point/messages.ts';
import { UNHEARD } from '#actors/charge-point/stay-limits.ts';
import { STAY_LIMITS } from '#src/domain/stay-limits.ts';
import { connectorActorId, type ConnectorState } from '#actors/connector/state.ts';
import { walletActorId } from '#actors/wallet/actor.ts';
import type { WalletState } from '#actors/wallet/state.ts';
import { retold } from '#actors/archive/past.ts';
import { energyPrice } from '#src/domain/tariff.ts';
import type { MemoryStorage } from '#src/storage/memory/open.ts';
import type { Commit, LedgerEntry, SessionRow } from '#src/storage/ports.ts';
import { reread } from '#src/wire/all.ts';
import { WALLETS } from './traits.ts';
import type { PhysicalSession, SentCall } from './truth.ts';

const ALL = 1_000_000;
const LEVELS = ['debug', 'info', 'problem', 'critical'] as const;
const RANKS: Readonly<Record<SessionRow['closing'], number>> = { open: 0, provisional: 1, final: 2 };

/**
 * The laws of the house, held against the disk: at every answer that leaves, after every group that is written, and
 * once all is quiet. `broken` says which did not hold; nothing is repaired or excused.
 */
export class Laws {
  readonly broken: string[] = [];
  readonly sessions: PhysicalSession[] = [];
  answers = 0;
  /** Commands for the sake of limits of stations. */
  limitsTold = 0;
  readonly #disk: () => MemoryStorage;
  readonly #owners = new Map<number, PhysicalSession>();
  readonly #rows = new Map<number, SessionRow>();

  constructor(disk: () => MemoryStorage) {
    this.#disk = disk;
  }

  /** Something that no law knows went wrong. */
  wrong(what: string): void {
    this.broken.push(what);
  }

  began(session: PhysicalSession): void {
    const twin = this.sessions.find((other) => nameOfStart(other) === nameOfStart(session));
    if (twin !== undefined) this.wrong(`the world is ambiguous: ${twin.name} and ${session.name} began alike`);
    this.sessions.push(session);
  }

  /** The charger has heard. */
  told(session: PhysicalSession, transactionId: number): void {
    if (!session.answeredIds.has(transactionId))
      this.wrong(`${session.name} heard ${transactionId}, which is not its own`);
  }

  /** Called while the answer is still in the server's hands: whatever it promises must be on disk by now. */
  answer(call: SentCall, frame: string): void {
    this.answers++;
    const [type, , payload] = JSON.parse(frame) as [number, string, { transactionId?: number }];
    if (type !== 3) return this.wrong(`a call was refused: ${frame}`);
    switch (call.kind) {
      case 'start':
        return this.#startAnswered(call.session, payload.transactionId ?? 0);
      case 'meter':
        return void this.#meterAnswered(call);
      case 'stop':
        return this.#stopAnswered(call);
      case 'other':
        return;
    }
  }

  /** After a group of commits: what must be true between any two of them. */
  written(commits: readonly Commit[]): void {
    const places = new Map<string, SessionRow>();
    const wallets = new Set<string>();
    for (const { rows } of commits) {
      for (const row of rows) {
        if (row.type === 'session') places.set(`${row.session.chargePointId}/${row.session.connectorId}`, row.session);
        if (row.type === 'session') this.#rowMoved(row.session.transactionId);
        if (row.type === 'ledger-entry') wallets.add(row.entry.walletId);
      }
    }
    for (const { chargePointId, connectorId } of places.values()) void this.#oneOpenSession(chargePointId, connectorId);
    for (const walletId of wallets) void this.#walletEqualsLedger(walletId);
  }

  /** When every charger is quiet and every alarm has rung. */
  async atTheEnd(): Promise<void> {
    const { reader, actors } = this.#disk();
    const rows = await reader.sessions({ limit: ALL });
    const ledger: LedgerEntry[] = [];
    for (const walletId of Object.keys(WALLETS)) {
      ledger.push(...(await reader.ledger(walletId, ALL)));
      await this.#walletEqualsLedger(walletId);
    }
    for (const row of rows) {
      this.#rowIsOneSession(row);
      this.#priceIsRight(row);
      this.#debitedOnce(row, ledger);
      await this.#oneOpenSession(row.chargePointId, row.connectorId);
    }
    for (const row of rows) await this.#toldOnce(row);
    const known = new Map(rows.map((row) => [row.transactionId, row]));
    for (const session of this.sessions) this.#nothingLost(session, known);
    for (const { key, transactionId } of ledger) {
      if (transactionId !== null && !known.has(transactionId)) this.wrong(`${key} debits a session that is not there`);
    }
    for (const { key } of await actors.staleOutbox(Number.MAX_SAFE_INTEGER, ALL))
      this.wrong(`${key} still waits in the outbox`);
    for (const { actorId, key } of await actors.pendingTimers())
      this.wrong(`the alarm ${key} of ${actorId} never rang`);
  }

  /** OCP-13: one command for one limit of a session, unless nobody had heard the one before when the next was asked. */
  async #toldOnce({ transactionId }: SessionRow): Promise<void> {
    for (const limit of STAY_LIMITS) {
      const commands: CommandView[] = [];
      for (let number = 1; ; number++) {
        const row = await this.#disk().reader.command(`stay-${transactionId}-${limit}.${number}`);
        if (row === null) break;
        commands.push(row.state as CommandView);
      }
      this.limitsTold += commands.length;
      const heard = commands.filter(({ cause, steps }, index) => {
        const next = commands[index + 1];
        return next !== undefined && !UNHEARD.has(cause) && (steps.at(-1)?.atMs ?? 0) <= next.requestedAtMs;
      });
      if (heard.length > 0)
        this.wrong(`the ${limit} of ${transactionId} was told again after ${JSON.stringify(heard)}`);
    }
  }

  /** The journal, retold up to now, tells what is live: what it leaves open it must say is unknown. */
  async theJournalTellsIt(chargePointIds: readonly string[]): Promise<void> {
    const { reader, actors } = this.#disk();
    for (const chargePointId of chargePointIds) {
      const events = await reader.events({ chargePointId, levels: LEVELS, limit: ALL });
      const past = retold(events.toReversed(), reread);
      for (const { state } of await actors.claimAll(`connector/${chargePointId}/`)) {
        const { connectorId, reported, use } = state as ConnectorState;
        const name = `connector ${connectorId} of ${chargePointId}`;
        const told = past.connectors.get(connectorId);
        if ((told?.status?.status ?? null) !== reported.status)
          this.wrong(`${name} is ${reported.status}, and the journal tells ${told?.status?.status}`);
        const session = told?.session ?? 'unknown';
        if (session === 'unknown') continue;
        const running = use.phase === 'charging' ? use.session : null;
        if ((session?.transactionId ?? null) !== (running?.transactionId ?? null))
          this.wrong(`${name} runs ${running?.transactionId}, and the journal tells ${session?.transactionId}`);
        else if (running !== null && session?.energyWh !== null && session?.energyWh !== running.energyWh)
          this.wrong(`${name} delivered ${running.energyWh} Wh, and the journal tells ${session?.energyWh}`);
      }
    }
  }

  #startAnswered(session: PhysicalSession, transactionId: number): void {
    const owner = this.#owners.get(transactionId);
    if (owner !== undefined && owner !== session)
      this.wrong(`${transactionId} was given to ${owner.name} and to ${session.name}`);
    this.#owners.set(transactionId, session);
    session.answeredIds.add(transactionId);
    if (session.answeredIds.size > 1) this.wrong(`${session.name} was given ${[...session.answeredIds].join(' and ')}`);
    void this.#disk()
      .reader.sessionByTransaction(transactionId)
      .then((row) => {
        if (row === null)
          this.wrong(`the start of ${session.name} was answered with ${transactionId} before it was on disk`);
        else if (!isRowOf(row, session))
          this.wrong(`${transactionId} on disk is not ${session.name}: ${JSON.stringify(row)}`);
      });
  }

  async #meterAnswered({ session, registerWh, named }: Extract<SentCall, { kind: 'meter' }>): Promise<void> {
    const { transactionId } = session;
    if (!named || transactionId === null) return;
    session.acknowledgedWh = Math.max(session.acknowledgedWh, registerWh);
    const { reader, actors } = this.#disk();
    const reading = reader.sessionByTransaction(transactionId);
    const [claim] = await actors.claimMany([connectorActorId(session.chargePointId, session.connectorId)]);
    const row = await reading;
    const use = (claim?.state as ConnectorState | null)?.use;
    const openWh = use?.phase === 'charging' && use.session.transactionId === transactionId ? use.session.energyWh : 0;
    const energyWh = registerWh - session.meterStartWh;
    if (row === null) this.wrong(`a sample of ${session.name} was answered, and it is not on disk`);
    else if (session.honest && row.closing !== 'final' && Math.max(row.energyWh, openWh) < energyWh) {
      this.wrong(
        `a sample of ${energyWh} Wh of ${session.name} was answered, and ${Math.max(row.energyWh, openWh)} Wh are on disk`,
      );
    }
  }

  #stopAnswered({ session, meterStopWh, named }: Extract<SentCall, { kind: 'stop' }>): void {
    const [transactionId] = session.answeredIds;
    if (transactionId === undefined) return this.wrong(`the stop of ${session.name} was answered before its start`);
    const { reader } = this.#disk();
    const reviews = reader.reviews({ chargePointId: session.chargePointId, limit: ALL });
    void reader.sessionByTransaction(transactionId).then(async (row) => {
      this.#stopIsOnDisk(session, row);
      if (row?.closing !== 'final' || row.meterStopWh === meterStopWh) return;
      // Without an id, another register may as well be another session's: it is parked as unmatched.
      const flagged = (await reviews).some(
        ({ key, kind }) =>
          key.startsWith(`conflicting-stop/${transactionId}/`) || (!named && kind === 'unmatched-stop'),
      );
      if (!flagged)
        this.wrong(`${session.name} was stopped at ${row.meterStopWh} and at ${meterStopWh} Wh, and nobody was told`);
    });
  }

  #stopIsOnDisk(session: PhysicalSession, row: SessionRow | null): void {
    if (row?.closing !== 'final')
      return this.wrong(`the stop of ${session.name} was answered, and on disk it is ${row?.closing}`);
    const right = [...session.toldStopsWh].some((meterStopWh) => row.energyWh === meterStopWh - session.meterStartWh);
    if (!right)
      this.wrong(
        `${session.name} took ${[...session.toldStopsWh].join(' or ')} - ${session.meterStartWh} Wh, and ${row.energyWh} Wh are on disk`,
      );
  }

  /** A session is never opened again, and what its stop said never changes. */
  #rowMoved(transactionId: number): void {
    void this.#disk()
      .reader.sessionByTransaction(transactionId)
      .then((row) => {
        const before = this.#rows.get(transactionId);
        if (row === null) {
          if (before !== undefined) this.wrong(`${transactionId} is gone from the disk`);
          return;
        }
        this.#rows.set(transactionId, row);
        if (before === undefined) return;
        if (RANKS[row.closing] < RANKS[before.closing])
          this.wrong(`${transactionId} went from ${before.closing} to ${row.closing}`);
        if (before.closing === 'final' && row.energyWh !== before.energyWh) {
          this.wrong(`${transactionId} was final with ${before.energyWh} Wh and has ${row.energyWh} Wh now`);
        }
      });
  }

  async #oneOpenSession(chargePointId: string, connectorId: number): Promise<void> {
    const { reader, actors } = this.#disk();
    const reading = reader.sessions({ chargePointId, closing: 'open', limit: ALL });
    const [claim] = await actors.claimMany([connectorActorId(chargePointId, connectorId)]);
    const open = (await reading)
      .filter((row) => row.connectorId === connectorId)
      .map(({ transactionId }) => transactionId);
    const use = (claim?.state as ConnectorState | null)?.use;
    const held = use?.phase === 'charging' ? [use.session.transactionId] : [];
    if (open.length > 1 || open[0] !== held[0]) {
      this.wrong(
        `${chargePointId}/${connectorId} holds ${held.join(', ') || 'nothing'}, and open on disk is ${open.join(', ') || 'nothing'}`,
      );
    }
  }

  async #walletEqualsLedger(walletId: string): Promise<void> {
    const { reader, actors } = this.#disk();
    const reading = reader.ledger(walletId, ALL);
    const [claim] = await actors.claimMany([walletActorId(walletId)]);
    const sum = (await reading).reduce((total, { amount }) => total + amount, 0);
    const balance = (claim?.state as WalletState | null)?.balance;
    if (balance !== sum) this.wrong(`the wallet ${walletId} holds ${balance} cents, its ledger ${sum}`);
  }

  #rowIsOneSession(row: SessionRow): void {
    const sessions = this.sessions.filter((session) => isRowOf(row, session));
    if (sessions.length !== 1)
      this.wrong(`${row.transactionId} is ${sessions.length} sessions: ${JSON.stringify(row)}`);
  }

  #priceIsRight(row: SessionRow): void {
    const session = this.sessions.find((one) => isRowOf(row, one));
    const held = row.review === 'implausible-energy';
    if (held && session?.honest === true)
      this.wrong(`${session.name} (${row.transactionId}) took ${row.energyWh} Wh honestly, and is held as implausible`);
    if (held || row.closing === 'open') return;
    const pays = row.walletId !== null && !row.freeService;
    const price = pays ? energyPrice(row.energyWh, row.energyPriceMillsPerKwh) : null;
    if (row.price !== price) this.wrong(`${row.transactionId} should cost ${price}, and costs ${row.price} cents`);
  }

  #debitedOnce(row: SessionRow, ledger: readonly LedgerEntry[]): void {
    const debits = ledger.filter(({ transactionId }) => transactionId === row.transactionId);
    const sum = debits.reduce((total, { amount }) => total - amount, 0);
    const elsewhere = debits.some(({ walletId }) => walletId !== row.walletId);
    if (sum !== (row.price ?? 0) || elsewhere)
      this.wrong(`${row.transactionId} costs ${row.price} cents, and ${sum} were debited`);
  }

  #nothingLost(session: PhysicalSession, rows: ReadonlyMap<number, SessionRow>): void {
    const [transactionId] = session.answeredIds;
    const row = transactionId === undefined ? null : (rows.get(transactionId) ?? null);
    if (transactionId !== undefined && row === null)
      return this.wrong(`${session.name} was acknowledged as ${transactionId} and is lost`);
    if (session.stopAnswered) return this.#stopIsOnDisk(session, row);
    if (!session.forgotten) return this.wrong(`${session.name} never got its answers: ${row?.closing}`);
    if (row === null || !session.honest) return;
    const { energyWh } = row;
    const leastWh = session.acknowledgedWh - session.meterStartWh;
    const mostWh = Math.max(session.meterStopWh ?? 0, ...session.toldStopsWh) - session.meterStartWh;
    if (row.closing !== 'open' && (energyWh < leastWh || energyWh > mostWh)) {
      this.wrong(`${session.name} took ${leastWh} to ${mostWh} Wh that were told, and ${energyWh} Wh are on disk`);
    }
  }
}

function nameOfStart(of: {
  chargePointId: string;
  connectorId: number;
  idTag: string;
  startedAt: string;
  meterStartWh: number;
}): string {
  return `${of.chargePointId}|${of.connectorId}|${of.idTag}|${Date.parse(of.startedAt)}|${of.meterStartWh}`;
}

/** Is this the row of that session? The key of its start says it. */
function isRowOf(row: SessionRow, session: PhysicalSession): boolean {
  return row.startKey === nameOfStart(session) && row.connectorId === session.connectorId;
}
