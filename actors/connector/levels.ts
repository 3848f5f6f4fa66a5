import type { EventLevel } from '#src/storage/ports.ts';
import type { ChargePointErrorCode, ChargePointStatus } from '#src/wire/ocpp/messages.ts';

/** Errors that can hurt somebody or something: shown as critical. */
const DANGEROUS: ReadonlySet<ChargePointErrorCode> = new Set([
  'GroundFailure',
  'HighTemperature',
  'OverCurrentFailure',
  'OverVoltage',
  'PowerSwitchFailure',
]);

/** How loud a status is in the journal: a warning is an error code without Faulted (OCPP 1.6 §4.9). */
export function reportLevel(status: ChargePointStatus, errorCode: ChargePointErrorCode): EventLevel {
  if (DANGEROUS.has(errorCode)) return 'critical';
  return status === 'Faulted' || errorCode !== 'NoError' ? 'problem' : 'info';
}
