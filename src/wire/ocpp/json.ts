import type { Wire } from '../wire.ts';
import { readAnswer } from './answers-from.ts';
import { writeCall, writeError, writeResult } from './frame.ts';

/** OCPP-J 1.6. */
export const ocppJson: Wire = {
  protocol: 'ocpp-1.6-json',
  result: writeResult,
  error: writeError,
  call: writeCall,
  readAnswer,
};
