// Node 20 does not load TypeScript as a worker's entry, not even through --import.
import { tsImport } from 'tsx/esm/api';

await tsImport('./thread.ts', import.meta.url);
