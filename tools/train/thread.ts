import './readKernels.ts'; // sets the flag for relaxed SIMD in this thread too
import { workerData } from 'node:worker_threads';
import { serveThread, type ThreadSetup } from '../../src/engine/backends/simd/threads.ts';

serveThread(workerData as ThreadSetup);
