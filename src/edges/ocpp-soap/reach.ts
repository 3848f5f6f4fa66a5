import { BlockList, isIP } from 'node:net';
import { plainAddress } from '../remote-address.ts';

/** How a station says that its charger is reached (OCP-08..10). */
export type ReachSettings = {
  /** By the address that its messages carry. */
  readonly wsAddressing: boolean;
  /** By a fixed address; with `rememberAddress`, the path that is added to the sender's. */
  readonly chargerUrl: string | null;
  /** At the address that its last message came from. */
  readonly rememberAddress: boolean;
  readonly chargerPort: number | null;
};
/** What the last message of a charger told of where it is. */
export type LastHeard = { readonly remoteAddress: string; readonly from: string | null };

/** Why a charger could not be called; the closed words of « injoignable ». */
export type Unreachable =
  /** Nothing says where it listens. */
  | 'no-address'
  | 'bad-address'
  /** Ours, or of no network: a charger must not make us call ourselves. */
  | 'forbidden-address'
  | 'unknown-host'
  | 'connection-refused'
  | 'no-route'
  | 'timed-out'
  | 'hung-up'
  | 'bad-certificate'
  /** Something else than a charger answers there: a page of a proxy, a status without an envelope. */
  | 'not-soap';

export type Address = { readonly ok: true; readonly url: URL } | { readonly ok: false; readonly why: Unreachable };

const LOCAL = new BlockList();
LOCAL.addSubnet('127.0.0.0', 8);
LOCAL.addSubnet('0.0.0.0', 8);
LOCAL.addSubnet('169.254.0.0', 16);
LOCAL.addSubnet('224.0.0.0', 3);
LOCAL.addAddress('::', 'ipv6');
LOCAL.addAddress('::1', 'ipv6');
LOCAL.addSubnet('fe80::', 10, 'ipv6');
LOCAL.addSubnet('ff00::', 8, 'ipv6');

/**
 * Where to call a charger: one of the three ways, or, for a station that says nothing of it, the address that the
 * charger gives by itself.
 */
export function addressOf(settings: ReachSettings, heard: LastHeard): Address {
  if (settings.rememberAddress) return remembered(settings, heard.remoteAddress);
  if (settings.chargerUrl !== null && !settings.wsAddressing) return parsed(settings.chargerUrl);
  return heard.from === null ? { ok: false, why: 'no-address' } : parsed(heard.from);
}

/** Is this an address that only a machine of this very network place may mean: loopback, link-local, multicast? */
export function isLocal(address: string): boolean {
  const plain = plainAddress(address);
  const family = isIP(plain);
  return family !== 0 && LOCAL.check(plain, family === 6 ? 'ipv6' : 'ipv4');
}

function remembered({ chargerUrl, chargerPort }: ReachSettings, remoteAddress: string): Address {
  const host = isIP(remoteAddress) === 6 ? `[${remoteAddress}]` : remoteAddress;
  const port = chargerPort === null ? '' : `:${chargerPort}`;
  const path = (chargerUrl ?? '').replace(/^\/*/, '/');
  return parsed(`http://${host}${port}${path}`);
}

function parsed(written: string): Address {
  const url = URL.canParse(written) ? new URL(written) : null;
  const isPlain = url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
  return isPlain ? { ok: true, url } : { ok: false, why: 'bad-address' };
}
