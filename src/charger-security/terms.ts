import { X509Certificate } from 'node:crypto';
import type { CertificateTerm } from '#actors/radar/messages.ts';
import type { ChargerCredentials } from '#src/storage/credential-port.ts';

/** More than that nobody reads; those that end first are told. */
const TERMS_MAX = 500;

/** Until when each certificate is good: the server's own, and the latest of each charger (field-27). */
export function certificateTerms(
  credentials: ChargerCredentials | null,
  serverCertificate: string | null,
): () => Promise<readonly CertificateTerm[]> {
  const own = serverCertificate === null ? [] : [termOf(serverCertificate)];
  return async () => {
    const given = await credentials?.certificates(TERMS_MAX);
    return [
      ...own,
      ...(given ?? []).map(({ chargePointId, subject, expiresAtMs }) => ({ chargePointId, subject, expiresAtMs })),
    ];
  };
}

function termOf(pem: string): CertificateTerm {
  const { subject, validTo } = new X509Certificate(pem);
  return { chargePointId: null, subject: subject.replaceAll('\n', ', '), expiresAtMs: Date.parse(validTo) };
}
