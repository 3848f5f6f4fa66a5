/** Where the other side of a socket is, by its plain address; `unknown` when it has gone. */
export function remoteAddressOf({ remoteAddress }: { readonly remoteAddress?: string | undefined }): string {
  return plainAddress(remoteAddress ?? 'unknown');
}

/** IPv4 as itself, though a socket for both families says it in IPv6. */
export function plainAddress(address: string): string {
  const bare = address.replace(/^\[|\]$/g, '');
  return /^::ffff:[\d.]+$/i.test(bare) ? bare.slice(7) : bare;
}
