import { readFileSync } from 'node:fs';
import type { WayTo } from '#actors/charge-point/way.ts';
import { isPulse } from '#src/domain/office/charger.ts';
import type { Values } from '#src/domain/office/field.ts';
import type { Edge } from '#src/edges/edge.ts';
import type { EdgeHandlers } from '#src/edges/handlers.ts';
import type { Certificate } from '#src/edges/ocpp-soap/http.ts';
import type { ReachSettings } from '#src/edges/ocpp-soap/reach.ts';
import { listenOcppSoap, type SoapEdge } from '#src/edges/ocpp-soap/server.ts';
import type { Protocol } from '#src/wire/protocol.ts';
import { ConfigError, type Config } from './config.ts';
import type { StationOf } from './stations.ts';

/** Null for a port that is switched off; 0: any free one. */
type Ports = { readonly port: number | null; readonly tlsPort: number | null };
export type SoapPorts = {
  readonly '1.5': Ports;
  readonly '1.6': Ports;
  /** Without one, no TLS port is opened. */
  readonly certificate: Certificate | null;
};

/** @throws ConfigError for a certificate that cannot be read, or has no key. */
export function soapPortsOf(config: Config): SoapPorts {
  const portOf = (setting: number | 'off'): number | null => (setting === 'off' ? null : setting);
  return {
    '1.5': { port: portOf(config.ocppSoap15Port), tlsPort: portOf(config.ocppSoap15TlsPort) },
    '1.6': { port: portOf(config.ocppSoap16Port), tlsPort: portOf(config.ocppSoap16TlsPort) },
    certificate: certificateOf(config),
  };
}

/** Every port that will be listened on. */
export function portsOf({ certificate, ...versions }: SoapPorts): readonly number[] {
  return Object.values(versions)
    .flatMap(({ port, tlsPort }) => [port, certificate === null ? null : tlsPort])
    .filter((port) => port !== null);
}

function certificateOf({ tlsCertificate, tlsKey }: Config): Certificate | null {
  if (tlsCertificate === '' && tlsKey === '') return null;
  return { cert: readPem('VIGIE_TLS_CERTIFICATE', tlsCertificate), key: readPem('VIGIE_TLS_KEY', tlsKey) };
}

function readPem(setting: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError(`${setting}: ${path} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

/** Listens for chargers that speak OCPP over SOAP, in both versions. */
export async function startSoapSide(of: {
  readonly host: string;
  readonly ports: SoapPorts;
  readonly handlers: EdgeHandlers;
  readonly stationOf: StationOf;
}): Promise<[Protocol, SoapEdge][]> {
  const { host, handlers, stationOf } = of;
  const { certificate } = of.ports;
  const edges: [Protocol, SoapEdge][] = [];
  for (const version of ['1.5', '1.6'] as const) {
    const { port, tlsPort } = of.ports[version];
    const tls = certificate === null || tlsPort === null ? null : { port: tlsPort, certificate };
    if (port === null && tls === null) continue;
    const edge = await listenOcppSoap({ version, host, port, tls, handlers, reachOf: reachFrom(stationOf) });
    edges.push([version === '1.5' ? 'ocpp-1.5-soap' : 'ocpp-1.6-soap', edge]);
  }
  return edges;
}

/** OCP-08..10, as the station has it now: what a maintainer changes holds for the next call. */
function reachFrom(stationOf: StationOf): (chargePointId: string) => Promise<ReachSettings | null> {
  return async (chargePointId) => {
    const station = await stationOf(chargePointId);
    return station === null ? null : reachOf(station.values);
  };
}

function reachOf({ wsAddressing, chargerUrl, rememberAddress, chargerPort }: Values): ReachSettings {
  return {
    wsAddressing: wsAddressing === true,
    chargerUrl: typeof chargerUrl === 'string' ? chargerUrl : null,
    rememberAddress: rememberAddress === true,
    chargerPort: typeof chargerPort === 'number' ? chargerPort : null,
  };
}

/**
 * The way to a charger that was not heard since our start, where its station says it: a fixed address (OCP-09), or the
 * one that it was last heard from (OCP-10). The address in its messages (OCP-08) is not known before there is one.
 */
export function wayOver(of: {
  readonly stationOf: StationOf;
  readonly edgeOf: (protocol: Protocol) => Edge | undefined;
}): WayTo {
  return async (chargePointId, lastAddress) => {
    // A disk that cannot be read says nothing: then there is no way.
    const station = await of.stationOf(chargePointId).catch(() => null);
    if (station === null || isPulse(station.values)) return null;
    const edge = of.edgeOf(`ocpp-${String(station.values['ocppVersion'])}` as Protocol);
    const { rememberAddress, wsAddressing, chargerUrl } = reachOf(station.values);
    const isKnown = rememberAddress ? lastAddress !== null : !wsAddressing && chargerUrl !== null;
    return edge !== undefined && isKnown && isSoap(edge) ? edge.wayTo(chargePointId, lastAddress ?? '') : null;
  };
}

function isSoap(edge: Edge): edge is SoapEdge {
  return 'wayTo' in edge;
}
