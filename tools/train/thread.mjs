// Node 20 cannot load TypeScript as the entry of a worker, not even with --import.
import { tsImport } from 'tsx/esm/api';

await tsImport('./thread.ts', import.meta.url);
