import { describe, expect, test } from 'vitest';
import { faultsOfCharger, hasCharger } from '#src/domain/office/charger.ts';
import type { Values } from '#src/domain/office/field.ts';

const OCPP: Values = { protocol: 'ocpp', identity: 'A-1', evses: 1, permanentPowerW: 22_000, ocppVersion: '1.6-json' };
const SOAP: Values = { ...OCPP, ocppVersion: '1.6-soap' };
const PULSE: Values = {
  protocol: 'lafon-pulse',
  kitSerial: '00178',
  evses: 1,
  permanentPowerW: 7_000,
  mediaType: 'gprs',
  udpPort: 0,
  simApn: 'x',
};
/** The rules that are broken, by field. */
function broken(station: Values): Readonly<Record<string, string>> {
  const faults = Object.entries(faultsOfCharger(station));
  return Object.fromEntries(faults.map(([name, fault]) => [name, fault.why === 'rule' ? fault.rule : fault.why]));
}

test('STA-21, STA-22: a station without charger is asked for nothing of it; with one, for its points and its power', () => {
  expect(hasCharger({ ...OCPP, identity: null })).toBe(false);
  expect(faultsOfCharger({ protocol: 'ocpp', identity: null })).toEqual({});
  expect(broken({ ...OCPP, evses: null, permanentPowerW: null })).toEqual({
    evses: 'required',
    permanentPowerW: 'required',
  });
  expect(hasCharger({ ...OCPP, protocol: 'lafon-pulse' })).toBe(false);
  expect(hasCharger(PULSE)).toBe(true);
});

describe('a box behind SOAP', () => {
  test.each<readonly [string, Values]>([
    ['OCP-08: says its address by itself', { wsAddressing: true }],
    ['OCP-09: has a fixed address', { chargerUrl: 'http://10.0.0.1:8080/ocpp' }],
    ['OCP-10: is where its last message came from', { rememberAddress: true }],
    ['OCP-10: is there, at a path and a port', { rememberAddress: true, chargerUrl: '/ocpp', chargerPort: 8_080 }],
  ])('%s', (_name, values) => {
    expect(faultsOfCharger({ ...SOAP, ...values })).toEqual({});
  });

  test.each<readonly [string, Values, Readonly<Record<string, string>>]>([
    ['in no way', {}, { chargerUrl: 'soap-no-way' }],
    ['in two ways', { wsAddressing: true, rememberAddress: true }, { rememberAddress: 'soap-one-way' }],
    ['in two ways by an address', { wsAddressing: true, chargerUrl: 'http://a/' }, { chargerUrl: 'soap-one-way' }],
    ['by what is no address', { chargerUrl: 'borne' }, { chargerUrl: 'soap-url' }],
    ['by a script', { chargerUrl: 'javascript:alert(1)' }, { chargerUrl: 'soap-url' }],
    ['by two ports', { chargerUrl: 'http://a/', chargerPort: 80 }, { chargerPort: 'soap-port' }],
    ['by two hosts', { rememberAddress: true, chargerUrl: 'http://a/' }, { chargerUrl: 'soap-path' }],
  ])('is not reached %s', (_name, values, faults) => {
    expect(broken({ ...SOAP, ...values })).toEqual(faults);
  });

  test('over JSON nothing of it is asked', () => {
    expect(faultsOfCharger({ ...OCPP, wsAddressing: true, rememberAddress: true })).toEqual({});
  });
});

describe('a LafonPulse kit', () => {
  test('LAF-03, LAF-04: a modem needs a card’s access point, a cable does not; the port may be 0', () => {
    expect(faultsOfCharger(PULSE)).toEqual({});
    expect(broken({ ...PULSE, simApn: null, udpPort: null })).toEqual({ simApn: 'required', udpPort: 'required' });
    expect(faultsOfCharger({ ...PULSE, mediaType: 'ethernet', simApn: null })).toEqual({});
  });

  test('LAF-07: the greatest power goes with its times, and is more than the permanent one', () => {
    const range = { maxPowerW: 22_000, maxPowerFrom: '06:30', maxPowerTo: '20:00' };
    expect(faultsOfCharger({ ...PULSE, ...range })).toEqual({});
    expect(broken({ ...PULSE, ...range, maxPowerTo: null })).toEqual({ maxPowerTo: 'power-range' });
    expect(broken({ ...PULSE, ...range, maxPowerW: 7_000 })).toEqual({ maxPowerW: 'power-below-permanent' });
  });
});
