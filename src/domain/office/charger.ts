import { kitChargePointId } from '../kit.ts';
import type { FaultsByField } from './entity.ts';
import type { Fault, Rule, Values } from './field.ts';

/** Has this station a charger (STA-21)? Each protocol knows it by a number of its own. */
export function hasCharger(station: Values): boolean {
  return isSet(station, isPulse(station) ? 'kitSerial' : 'identity');
}

/** By what its charger is known to the fleet: the identity that it dials with, or its kit. Null while it has none. */
export function chargePointIdOf(station: Values): string | null {
  const number = station[isPulse(station) ? 'kitSerial' : 'identity'];
  if (typeof number !== 'string') return null;
  return isPulse(station) ? kitChargePointId(number) : number;
}

/** Does its charger speak the protocol of the Pulse kits? */
export function isPulse(station: Values): boolean {
  return station['protocol'] === 'lafon-pulse';
}

/** What a station must say of its charger; nothing while it has none. */
export function faultsOfCharger(station: Values): FaultsByField {
  if (!hasCharger(station)) return {};
  const required = requiredOf(station).filter((name) => !isSet(station, name));
  return {
    ...Object.fromEntries(required.map((name) => [name, { why: 'required' } as const])),
    ...(isPulse(station) ? faultsOfPower(station) : faultsOfSoap(station)),
  };
}

function requiredOf(station: Values): readonly string[] {
  const always = ['evses', 'permanentPowerW'];
  if (!isPulse(station)) return always;
  return station['mediaType'] === 'ethernet' ? [...always, 'udpPort'] : [...always, 'udpPort', 'simApn'];
}

/** OCP-08..10: a box behind SOAP is reached in one of three ways, and not in two. */
function faultsOfSoap(station: Values): FaultsByField {
  if (station['ocppVersion'] === '1.6-json') return {};
  const faults: Record<string, Fault> = {};
  const refuse = (name: string, rule: Rule): void => {
    if (isSet(station, name)) faults[name] = { why: 'rule', rule };
  };
  const url = station['chargerUrl'] ?? null;
  if (station['wsAddressing'] === true) {
    for (const name of ['rememberAddress', 'chargerUrl', 'chargerPort']) refuse(name, 'soap-one-way');
  } else if (station['rememberAddress'] === true) {
    if (typeof url === 'string' && !/^\/\S*$/.test(url)) refuse('chargerUrl', 'soap-path');
  } else {
    if (url === null) faults['chargerUrl'] = { why: 'rule', rule: 'soap-no-way' };
    else if (!isHttp(String(url))) refuse('chargerUrl', 'soap-url');
    refuse('chargerPort', 'soap-port');
  }
  return faults;
}

/** LAF-07: more power than the permanent one, and when. */
function faultsOfPower(station: Values): FaultsByField {
  const range = ['maxPowerW', 'maxPowerFrom', 'maxPowerTo'];
  const missing = range.filter((name) => !isSet(station, name));
  if (missing.length > 0 && missing.length < range.length)
    return Object.fromEntries(missing.map((name) => [name, { why: 'rule', rule: 'power-range' } as const]));
  const { maxPowerW, permanentPowerW } = station;
  const isLess = typeof maxPowerW === 'number' && typeof permanentPowerW === 'number' && maxPowerW <= permanentPowerW;
  return isLess ? { maxPowerW: { why: 'rule', rule: 'power-below-permanent' } } : {};
}

function isHttp(text: string): boolean {
  return /^https?:\/\/[^\s/]/i.test(text) && !/\s/.test(text) && URL.canParse(text);
}

function isSet(station: Values, name: string): boolean {
  const value = station[name] ?? null;
  return value !== null && value !== false;
}
