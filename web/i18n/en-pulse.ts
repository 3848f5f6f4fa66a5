import type { PulseMessages } from './messages.ts';

export const englishPulse: PulseMessages = {
  'audit.act.key-made': 'Kit key made',
  'audit.act.apn-sent': 'APN text message sent',
  'refusal.oversized': 'datagram too long',
  'refusal.truncated': 'datagram cut short',
  'refusal.not-lafonpulse': 'this is not LafonPulse',
  'refusal.unknown-kind': 'unknown kind of datagram',
  'refusal.odd-serial': 'malformed serial number',
  'refusal.bad-signature': 'wrong signature: the kit’s key is not the server’s',
  'refusal.replayed': 'replayed datagram',
  'refusal.too-fast': 'too many datagrams, the rest is not read',
  'refusal.no-kit-key': 'kit without a key: make its key on the kit’s page',
  'refusal.wrong-direction': 'a server’s datagram',
  'refusal.odd-greeting': 'malformed greeting',
  'close.4002': 'charger removed',
  'close.4003': 'kit key replaced',
  'event.link-moved': 'Link moved',
  'event.settings': 'Settings sent to the kit',
};
