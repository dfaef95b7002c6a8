import { Component, type ReactNode } from 'react';
import { ProblemNotice } from '../ui/ProblemNotice.tsx';

interface BoundaryProps {
  /** The part that is missing when it breaks, as the subject of a sentence. */
  readonly name: string;
  readonly children: ReactNode;
}

interface BoundaryState {
  readonly error: Error | null;
}

/** Keeps the rest of the page when one part throws while rendering. */
export class Boundary extends Component<BoundaryProps, BoundaryState> {
  override readonly state: BoundaryState = { error: null };

  static getDerivedStateFromError(thrown: unknown): BoundaryState {
    return { error: thrown instanceof Error ? thrown : new Error(String(thrown)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <ProblemNotice
        title={`${this.props.name} could not be shown`}
        sentences={[error.message, 'Training continues, and no measurements are lost.']}
        action={{ label: 'Show again', onPress: () => this.setState({ error: null }) }}
      />
    );
  }
}
