/** The languages of chargers, as the manual's server speaks them. Kept on disk by name. */
export const PROTOCOLS = ['ocpp-1.6-json', 'ocpp-1.6-soap', 'ocpp-1.5-soap', 'lafonpulse'] as const;
export type Protocol = (typeof PROTOCOLS)[number];

/** More links than one process can ever open; below it, the number of a link is its own. */
const LINKS_MAX = 2 ** 40;

/**
 * The number of a link tells its protocol too: an answer that is decided after the link has gone must still be written
 * for the journal, and no table of past links is kept for it. `serial` counts from 1 within the protocol.
 */
export function linkIdOf(protocol: Protocol, serial: number): number {
  return PROTOCOLS.indexOf(protocol) * LINKS_MAX + serial;
}

/** The protocol that is spoken on a link. */
export function protocolOf(linkId: number): Protocol {
  return PROTOCOLS[Math.floor(linkId / LINKS_MAX)] ?? 'ocpp-1.6-json';
}
