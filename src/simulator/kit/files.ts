/** Where a kit goes for the file of an order (docs/protocols/lafonpulse.md, section 9, Files). */

const SPOKEN: ReadonlySet<string> = new Set(['http:', 'https:']);
/** By this name the server means itself. */
const SERVER = 'localhost';

/** The address of an order as this kit uses it; null for one that it does not speak. */
export function addressOf(url: unknown, serverHost: string): string | null {
  if (typeof url !== 'string' || !URL.canParse(url)) return null;
  const address = new URL(url);
  if (!SPOKEN.has(address.protocol)) return null;
  if (address.hostname === SERVER) address.hostname = serverHost.includes(':') ? `[${serverHost}]` : serverHost;
  return address.href;
}
