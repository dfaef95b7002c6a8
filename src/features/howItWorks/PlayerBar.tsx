import { ActionIcon } from '@mantine/core';
import { BackIcon, ForwardIcon, PauseIcon, PlayIcon } from '../../ui/icons.tsx';
import { RangeSlider } from '../../ui/fields/RangeSlider.tsx';
import styles from './HowItWorks.module.css';
import {
  lastPosition,
  stageAt,
  stageTitles,
  nextPosition,
  previousPosition,
} from './stages/stages.ts';
import type { Player } from './usePlayer.ts';

interface PlayerBarProps {
  readonly player: Player;
  /** The user prefers reduced motion: the stages are shown as still frames. */
  readonly isStill: boolean;
}

/** Plays the stages, steps forward and back, or moves to any position. */
export function PlayerBar({ player, isStill }: PlayerBarProps) {
  const { position, isPlaying, play, pause, goTo } = player;
  const isFirst = position <= 1;
  const isLast = position >= lastPosition;
  return (
    <div className={styles.player} role="group" aria-label="Stages">
      <Step
        label="Previous stage"
        isAvailable={!isFirst}
        onPress={() => goTo(previousPosition(position))}
      >
        <BackIcon />
      </Step>
      {!isStill && (
        <ActionIcon
          variant="filled"
          size={40}
          className={styles.play}
          aria-label={isPlaying ? 'Pause the stages' : 'Play slowly'}
          title={isPlaying ? 'Pause' : 'Play slowly'}
          onClick={isPlaying ? pause : play}
        >
          {isPlaying ? <PauseIcon /> : <PlayIcon />}
        </ActionIcon>
      )}
      <Step label="Next stage" isAvailable={!isLast} onPress={() => goTo(nextPosition(position))}>
        <ForwardIcon />
      </Step>
      <div className={styles.scrubber}>
        <RangeSlider
          label="Stage"
          value={isStill ? stageAt(position).number : position}
          min={isStill ? 1 : 0}
          max={lastPosition}
          step={isStill ? 1 : 0.1}
          format={(value) => {
            const { number } = stageAt(value);
            return `${number} of 5, ${stageTitles[number]}`;
          }}
          onChange={goTo}
        />
      </div>
    </div>
  );
}

interface StepProps {
  readonly label: string;
  readonly isAvailable: boolean;
  readonly onPress: () => void;
  readonly children: React.ReactNode;
}

/** A button that keeps the focus at the first and last stage. */
function Step({ label, isAvailable, onPress, children }: StepProps) {
  return (
    <ActionIcon
      variant="default"
      size={40}
      className={styles.step}
      aria-label={label}
      title={label}
      aria-disabled={!isAvailable}
      data-disabled={!isAvailable}
      onClick={() => isAvailable && onPress()}
    >
      {children}
    </ActionIcon>
  );
}
