/** What the engine's tests found in a browser. */
export interface EngineReport {
  readonly passed: string[];
  readonly failed: string[];
  /** What the browser does not have. */
  readonly skipped: string[];
  /** The graphics processor, as far as WebGL says. */
  device?: string;
  isDone: boolean;
}
