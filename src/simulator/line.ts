/** What a simulated charger needs of its way to the server: as much of a WebSocket as it uses. */
export interface Line {
  /** As of a WebSocket: 1 is open, 3 is closed. */
  readonly readyState: number;
  on(event: 'open' | 'close', run: () => void): unknown;
  /** An OCPP-J frame, whatever was on the wire. */
  on(event: 'message', run: (data: { toString(): string }) => void): unknown;
  on(event: 'error', run: (error: Error) => void): unknown;
  once(event: 'close', run: () => void): unknown;
  send(frame: string): void;
  close(code?: number): void;
  terminate(): void;
}
/** Dials for a charger; another line each time. */
export type Dial = (identity: string) => Line;
