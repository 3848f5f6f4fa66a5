import type { Charger, Connector, Effect, Wake } from './state.ts';

/** Seconds of a driver's life in milliseconds of ours. */
export function paced(charger: Charger, seconds: number): number {
  return (seconds * 1000) / charger.speed;
}

type ConnectorWake = Extract<Wake, { readonly visit: number }>['kind'];

/** A wake that dies with the visit: once the car is gone, its plans mean nothing. */
export function wakeFor(connector: Connector, kind: ConnectorWake, afterMs: number): Effect {
  return { type: 'wake', wake: { kind, connectorId: connector.id, visit: connector.visit }, afterMs };
}
