import type { ReactNode } from 'react';

function Icon({ children }: { readonly children: ReactNode }) {
  return (
    <svg
      width="16"
      height="16"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.75"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {children}
    </svg>
  );
}

export const PlayIcon = () => (
  <Icon>
    <path d="M4.5 2.5v11l9-5.5z" fill="currentColor" />
  </Icon>
);
export const PauseIcon = () => (
  <Icon>
    <path d="M5 3v10M11 3v10" strokeWidth="2.75" />
  </Icon>
);
export const StepIcon = () => (
  <Icon>
    <path d="M3.5 3v10l7-5z" fill="currentColor" />
    <path d="M13 3v10" strokeWidth="2" />
  </Icon>
);
/** The triangle of the step icon, half filled. */
export const HalfStepIcon = () => (
  <Icon>
    <path d="M3.5 3v10l7-5z" />
    <path d="M3.5 3v10l3.5-2.5v-5z" fill="currentColor" />
    <path d="M13 3v10" strokeWidth="2" strokeDasharray="2 3" />
  </Icon>
);
export const EpochIcon = () => (
  <Icon>
    <path d="M2 3.5v9L7.5 8zM8 3.5v9L13.5 8z" fill="currentColor" strokeWidth="1" />
    <path d="M14.5 3v10" strokeWidth="2" />
  </Icon>
);
export const ForwardIcon = () => (
  <Icon>
    <path d="M6 3l5 5-5 5" strokeWidth="2" />
  </Icon>
);
export const BackIcon = () => (
  <Icon>
    <path d="M10 3L5 8l5 5" strokeWidth="2" />
  </Icon>
);
export const ResetIcon = () => (
  <Icon>
    <path d="M3 3v3.5h3.5" />
    <path d="M3.3 6.3A5.2 5.2 0 1 1 2.8 9" />
  </Icon>
);
export const DiceIcon = () => (
  <Icon>
    <rect x="2.5" y="2.5" width="11" height="11" rx="2" />
    <path d="M5.5 5.5h.01M10.5 5.5h.01M8 8h.01M5.5 10.5h.01M10.5 10.5h.01" strokeWidth="2" />
  </Icon>
);
export const CheckIcon = () => (
  <Icon>
    <path d="M3 8.5l3.5 3.5L13 4.5" />
  </Icon>
);
export const CrossIcon = () => (
  <Icon>
    <path d="M4 4l8 8M12 4l-8 8" />
  </Icon>
);
export const ChevronIcon = () => (
  <Icon>
    <path d="M6 3.5L10.5 8 6 12.5" />
  </Icon>
);
export const SettingsIcon = () => (
  <Icon>
    <path d="M2 5h6M12 5h2M2 11h2M8 11h6" />
    <circle cx="10" cy="5" r="2" />
    <circle cx="6" cy="11" r="2" />
  </Icon>
);
export const ShareIcon = () => (
  <Icon>
    <circle cx="12" cy="3.5" r="1.75" />
    <circle cx="4" cy="8" r="1.75" />
    <circle cx="12" cy="12.5" r="1.75" />
    <path d="M5.6 7.1l4.8-2.7M5.6 8.9l4.8 2.7" />
  </Icon>
);
export const SunIcon = () => (
  <Icon>
    <circle cx="8" cy="8" r="3" />
    <path d="M8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M3 13l1-1M12 4l1-1" />
  </Icon>
);
export const MoonIcon = () => (
  <Icon>
    <path d="M13.5 9.5A6 6 0 0 1 6.5 2.5a6 6 0 1 0 7 7z" />
  </Icon>
);
export const AutoIcon = () => (
  <Icon>
    <circle cx="8" cy="8" r="6" />
    <path d="M8 2a6 6 0 0 1 0 12z" fill="currentColor" />
  </Icon>
);
export const InfoIcon = () => (
  <Icon>
    <circle cx="8" cy="8" r="6" />
    <path d="M8 7.5V11M8 5v.01" />
  </Icon>
);
export const PresentIcon = () => (
  <Icon>
    <rect x="1.5" y="2.5" width="13" height="8.5" rx="1" />
    <path d="M8 11v2.5M5 13.5h6" />
  </Icon>
);
export const MoreIcon = () => (
  <Icon>
    <circle cx="3" cy="8" r="1" fill="currentColor" />
    <circle cx="8" cy="8" r="1" fill="currentColor" />
    <circle cx="13" cy="8" r="1" fill="currentColor" />
  </Icon>
);
