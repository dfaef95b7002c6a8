import { HowItWorksPanel } from '../../features/howItWorks/HowItWorksPanel.tsx';

export default HowItWorksPanel;
