import { linkIdOf, type Protocol } from '#src/wire/protocol.ts';
import type { EdgeHandlers } from '../handlers.ts';
import { Knocks } from '../knocks.ts';
import { SoapLink } from './link.ts';

/** As for a WebSocket: twice the heartbeat interval and a minute (field-11). */
export const SILENT_CLOSE_MS = 2 * 900_000 + 60_000;
/** It went without a word (RFC 6455 §7.1.5). */
export const BROKEN = 1006;
/** A newer link took its place: whoever still waits on it is answered. */
export const REPLACED = 4000;
/** Ways to write one identity that are known without the door: a charger has one, and its port may be open to the world. */
export const SPELLINGS_MAX = 4;

/** The links of one port: chargers without a connection, as the actors know them. */
export class SoapLinks {
  /** Chargers whose link is about to open. */
  readonly knocks = new Knocks();
  readonly #protocol: Protocol;
  readonly #handlers: EdgeHandlers;
  readonly #byId = new Map<number, SoapLink>();
  readonly #current = new Map<string, SoapLink>();
  /** By the identity as each charger spells it, which needs not be as it was declared (field-24). */
  readonly #spelled = new Map<string, SoapLink>();
  #lastSerial = 0;
  #isClosed = false;

  constructor(protocol: Protocol, handlers: EdgeHandlers) {
    this.#protocol = protocol;
    this.#handlers = handlers;
  }

  /** Chargers that were heard, or that answered. */
  get size(): number {
    return [...this.#current.values()].filter(({ isUp }) => isUp).length;
  }

  /** No link opens any more. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  get(linkId: number): SoapLink | undefined {
    return this.#byId.get(linkId);
  }

  /** The link of a charger that was heard from there before: nobody has to admit it again. */
  known(identity: string, remoteAddress: string): SoapLink | undefined {
    const link = this.#spelled.get(identity);
    // One that was replaced is kept for its answers alone.
    if (link === undefined || this.#current.get(link.chargePointId) !== link) return undefined;
    return link.remoteAddress === remoteAddress ? link : undefined;
  }

  /** A charger that was admitted speaks from there, for the first time or for the first time since it spoke elsewhere. */
  open(of: {
    chargePointId: string;
    identity: string;
    remoteAddress: string;
    calledAs: string | null;
    note: string | null;
  }): SoapLink {
    const { chargePointId, identity, remoteAddress, calledAs, note } = of;
    const before = this.#current.get(chargePointId);
    if (before !== undefined && (!before.isHeard || before.remoteAddress === remoteAddress)) {
      this.#spell(identity, before);
      if (!before.isHeard) this.#heard(before, { remoteAddress, calledAs, note });
      return before;
    }
    const link = this.#made(chargePointId, remoteAddress);
    this.#spell(identity, link);
    this.#tellUp(link, { calledAs, note });
    return link;
  }

  /**
   * By which a charger is called that was not heard since our start. `lastAddress`: where it was heard from before it;
   * empty when it never was.
   */
  wayTo(chargePointId: string, lastAddress: string): number {
    const known = this.#current.get(chargePointId);
    if (known !== undefined) {
      // Whoever has said nothing yet is not silent since the last time that somebody looked.
      if (!known.isUp) known.heardAtMs = this.#handlers.now();
      return known.id;
    }
    const link = this.#made(chargePointId, lastAddress);
    link.isHeard = link.isUp = false;
    return link.id;
  }

  /** It answered a call of ours, at this host: it is there. */
  reached(link: SoapLink, host: string): void {
    // One that was replaced, or has ended, must not take the place of the newer one.
    if (link.isUp || this.#current.get(link.chargePointId) !== link) return;
    link.isUp = true;
    link.remoteAddress ||= host;
    this.#tellUp(link, { calledAs: null, note: null, reached: true });
  }

  #made(chargePointId: string, remoteAddress: string): SoapLink {
    const id = linkIdOf(this.#protocol, ++this.#lastSerial);
    const link = new SoapLink({ id, chargePointId, remoteAddress, handlers: this.#handlers });
    this.#byId.set(id, link);
    this.#current.set(chargePointId, link);
    return link;
  }

  /** The charger that was called, or was to be, speaks itself: whatever is under way to it goes on. */
  #heard(link: SoapLink, of: { remoteAddress: string; calledAs: string | null; note: string | null }): void {
    const { remoteAddress, calledAs, note } = of;
    const { id, chargePointId, isUp } = link;
    const hasMoved = link.remoteAddress !== remoteAddress;
    link.isHeard = link.isUp = true;
    link.remoteAddress = remoteAddress;
    const atMs = this.#handlers.now();
    if (!isUp) this.#tellUp(link, { calledAs, note });
    else if (hasMoved) this.#handlers.deliver(chargePointId, { type: 'link-moved', linkId: id, remoteAddress, atMs });
  }

  #tellUp(link: SoapLink, more: { calledAs: string | null; note: string | null; reached?: true }): void {
    const { id, chargePointId, remoteAddress } = link;
    const atMs = this.#handlers.now();
    this.#handlers.deliver(chargePointId, { type: 'link-up', linkId: id, remoteAddress, ...more, atMs });
  }

  answer(linkId: number, messageId: string, envelope: string): void {
    const link = this.#byId.get(linkId);
    link?.answer(messageId, envelope);
    this.#forgetIfDone(link);
  }

  abandon(linkId: number, messageId: string): void {
    const link = this.#byId.get(linkId);
    link?.abandon(messageId);
    this.#forgetIfDone(link);
  }

  close(linkId: number, code: number): void {
    const link = this.#byId.get(linkId);
    if (link === undefined) return;
    if (code === REPLACED) {
      link.calls.abort();
      // By one of another port, perhaps: then it is still the current one here.
      if (this.#current.get(link.chargePointId) === link) this.#current.delete(link.chargePointId);
      this.#unspell(link);
      return this.#forgetIfDone(link);
    }
    this.#end(link, code);
  }

  closeChargePoint(chargePointId: string, code: number): void {
    this.knocks.closed(chargePointId);
    const link = this.#current.get(chargePointId);
    if (link !== undefined) this.#end(link, code);
  }

  /** For good: whoever is still being read has nobody left to speak to. */
  closeAll(code: number): void {
    this.#isClosed = true;
    for (const link of this.#byId.values()) this.#end(link, code);
  }

  /** Who has been silent for too long is gone. */
  sweep(nowMs: number): void {
    for (const link of this.#current.values()) {
      if (nowMs - link.heardAtMs > SILENT_CLOSE_MS) this.#end(link, BROKEN);
    }
  }

  #end(link: SoapLink, code: number): void {
    const { id, chargePointId } = link;
    this.#byId.delete(id);
    link.close();
    if (this.#current.get(chargePointId) === link) this.#current.delete(chargePointId);
    this.#unspell(link);
    this.#handlers.deliver(chargePointId, { type: 'link-down', linkId: id, code, atMs: this.#handlers.now() });
  }

  #spell(identity: string, link: SoapLink): void {
    this.#spelled.set(identity, link);
    const [oldest] = link.spellings.length >= SPELLINGS_MAX ? link.spellings.splice(0, 1) : [];
    if (oldest !== undefined && this.#spelled.get(oldest) === link) this.#spelled.delete(oldest);
    link.spellings.push(identity);
  }

  #unspell(link: SoapLink): void {
    for (const identity of link.spellings) if (this.#spelled.get(identity) === link) this.#spelled.delete(identity);
  }

  /** A link that was replaced is kept for as long as somebody waits on it. */
  #forgetIfDone(link: SoapLink | undefined): void {
    if (link === undefined || !link.isEmpty) return;
    if (this.#current.get(link.chargePointId) !== link) this.#byId.delete(link.id);
  }
}
