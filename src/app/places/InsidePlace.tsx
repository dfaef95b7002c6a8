import { InsidePanel } from '../../features/inside/InsidePanel.tsx';

export default InsidePanel;
