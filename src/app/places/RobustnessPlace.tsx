import { RobustnessPanel } from '../../features/robustness/RobustnessPanel.tsx';

export default RobustnessPanel;
