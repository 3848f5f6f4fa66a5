import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { LOAD_CORE, nodeCommand, type Machine } from '../machine.ts';
import type { LoadCommand, LoadCommands } from './commands.ts';

/** A load process, seen from the bench. */
export type Load = {
  /** Rejects with the worker's own words when it could not. */
  ask<Name extends LoadCommand>(name: Name, ask: LoadCommands[Name]['ask']): Promise<LoadCommands[Name]['answer']>;
  stop(): Promise<void>;
};

type Reply = { readonly id: number; readonly answer?: unknown; readonly error?: string };

export function startLoad(machine: Machine): Load {
  const [command, ...args] = nodeCommand(machine, LOAD_CORE, [fileURLToPath(new URL('./worker.ts', import.meta.url))]);
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const waiting = new Map<number, { resolve: (answer: never) => void; reject: (error: Error) => void }>();
  let asked = 0;
  child.on('message', (reply: Reply) => {
    const waiter = waiting.get(reply.id);
    waiting.delete(reply.id);
    if (reply.error === undefined) waiter?.resolve(reply.answer as never);
    else waiter?.reject(new Error(reply.error));
  });
  child.on('exit', (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`the load process ended with ${String(code)}`));
    waiting.clear();
  });
  return {
    ask(name, ask) {
      asked += 1;
      const id = asked;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        child.send({ id, name, ask });
      });
    },
    async stop() {
      if (child.exitCode !== null) return;
      const exit = once(child, 'exit');
      child.disconnect();
      await exit;
    },
  };
}
