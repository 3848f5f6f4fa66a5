import { readCall } from '#src/wire/ocpp/calls-from.ts';
import type { CallErrorCode } from '#src/wire/ocpp/messages.ts';
import type { Fields } from '#src/wire/ocpp/reading.ts';

export const TIMESTAMP = '2026-03-02T08:15:00Z';
export const READ_TIMESTAMP = { raw: TIMESTAMP, ms: Date.UTC(2026, 2, 2, 8, 15) };

export const VALID: Readonly<Record<string, Fields>> = {
  BootNotification: { chargePointVendor: 'Exemple', chargePointModel: 'M1' },
  Heartbeat: {},
  StatusNotification: { connectorId: 1, status: 'Available', errorCode: 'NoError' },
  Authorize: { idTag: '04A1B2C3' },
  StartTransaction: { connectorId: 1, idTag: '04A1B2C3', meterStart: 1000, timestamp: TIMESTAMP },
  StopTransaction: { transactionId: 42, meterStop: 2000, timestamp: TIMESTAMP },
  MeterValues: { connectorId: 1, transactionId: 42, meterValue: [] },
  DataTransfer: { vendorId: 'com.example' },
  FirmwareStatusNotification: { status: 'Installed' },
  DiagnosticsStatusNotification: { status: 'Uploaded' },
};

/** A valid payload with some of its properties replaced; `undefined` takes one away. */
export function payloadOf(action: string, changes: Fields = {}): Fields {
  const entries = Object.entries({ ...VALID[action], ...changes });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

export function tolerant(action: string, changes: Fields = {}) {
  const read = readCall(action, payloadOf(action, changes), 'tolerant');
  if (!read.ok) throw new Error(`${read.fault.code}: ${read.fault.detail}`);
  return read;
}

export function refusal(action: string, payload: unknown, mode: 'tolerant' | 'strict'): CallErrorCode | null {
  const read = readCall(action, payload, mode);
  return read.ok ? null : read.fault.code;
}
