import { Panel } from '../../../ui/Panel.tsx';
import { OpenFile } from './OpenFile.tsx';
import { TakeAway } from './TakeAway.tsx';

/** Files to save and to open: weights, experiments. */
export function TransferFiles() {
  return (
    <Panel title="Export and open">
      <TakeAway />
      <OpenFile />
    </Panel>
  );
}
