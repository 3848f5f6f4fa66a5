import type { Protocol } from '#src/wire/protocol.ts';
import type { FormName } from './command-form-spec.ts';

const SECURITY: readonly FormName[] = [
  'extended-trigger',
  'certificate-ids',
  'install-certificate',
  'delete-certificate',
];
const OF_16: readonly FormName[] = ['trigger-message', 'set-profile', 'clear-profile', 'composite'];
/** A kit fills its white list by itself (WHL-01), and knows no reservation. */
const LISTS: readonly FormName[] = ['list-version', 'send-list', 'reserve', 'cancel-reservation'];
const CHARGING: readonly FormName[] = ['set-profile', 'clear-profile', 'composite'];

/** What no charger of a protocol can be asked: its standard has no such message (OCPP 1.5; the security extension is JSON). */
const UNSPOKEN: Readonly<Record<Protocol, ReadonlySet<FormName>>> = {
  'ocpp-1.6-json': new Set(),
  'ocpp-1.6-soap': new Set(SECURITY),
  'ocpp-1.5-soap': new Set([...SECURITY, ...OF_16]),
  lafonpulse: new Set([...SECURITY, ...LISTS, ...CHARGING]),
};

/** Does a charger that speaks this have the command? `null`: nobody knows what it speaks, and it may have all of them. */
export function isSpoken(protocol: Protocol | null, name: FormName): boolean {
  return protocol === null || !UNSPOKEN[protocol].has(name);
}
