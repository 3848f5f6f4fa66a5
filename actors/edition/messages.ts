import type { ReplyTo } from '#actors/decision.ts';
import type { ChargePointId } from '#src/domain/ids.ts';
import type { Habit } from './habit.ts';

/** `learn`: what one of its chargers has just shown replaces what was known. `atMs` counts from 1970. */
export type EditionMessage =
  | { readonly type: 'learn'; readonly habit: Habit; readonly by: ChargePointId; readonly atMs: number }
  | { readonly type: 'view'; readonly replyTo: ReplyTo<Habit> };
