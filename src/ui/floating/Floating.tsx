import { Menu, type MenuProps, Popover, type PopoverProps } from '@mantine/core';
import { useMounted } from '@mantine/hooks';
import { type ReactNode, type Ref, type RefObject, useEffect, useImperativeHandle } from 'react';
import styles from './Floating.module.css';
import type { Anchored } from './useOpener.ts';

type Position = NonNullable<PopoverProps['position']>;

interface FloatingMenuProps extends Anchored {
  readonly position: Position;
  /** Its entries: `Menu.Item` and others. */
  readonly children: ReactNode;
}

/** A menu beside the button that opens it. */
export function FloatingMenu({ anchor, position, children, ...state }: FloatingMenuProps) {
  return (
    <Menu
      {...useFloatingState(state)}
      position={position}
      shadow="md"
      withinPortal={false}
      // The focus goes to the first entry; a placeholder has no place in a menu.
      withInitialFocusPlaceholder={false}
    >
      <Menu.Target>
        <Anchor to={anchor} />
      </Menu.Target>
      <Menu.Dropdown className={styles.menu}>{children}</Menu.Dropdown>
    </Menu>
  );
}

interface FloatingPopoverProps
  extends
    Anchored,
    Pick<PopoverProps, 'width' | 'shadow' | 'withinPortal' | 'trapFocus' | 'returnFocus'> {
  readonly position?: Position;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

/** A popover beside the button that opens it. */
export function FloatingPopover({
  anchor,
  id,
  isOpen,
  onChange,
  onLoad,
  className,
  children,
  ...props
}: FloatingPopoverProps) {
  return (
    <Popover {...useFloatingState({ id, isOpen, onChange, onLoad })} shadow="sm" {...props}>
      <Popover.Target>
        <Anchor to={anchor} />
      </Popover.Target>
      <Popover.Dropdown className={className}>{children}</Popover.Dropdown>
    </Popover>
  );
}

/** It opens after its first rendering: Mantine remembers where the focus was only when `opened` changes. */
function useFloatingState({
  id,
  isOpen,
  onChange,
  onLoad,
}: Omit<Anchored, 'anchor'>): Pick<MenuProps, 'id' | 'opened' | 'onChange'> {
  const isMounted = useMounted();
  useEffect(onLoad, [onLoad]);
  return { id, opened: isOpen && isMounted, onChange };
}

interface AnchorProps {
  readonly to: RefObject<HTMLElement | null>;
  readonly ref?: Ref<HTMLElement>;
}

/** Stands where Mantine expects the button, which is rendered elsewhere. */
function Anchor({ to, ref }: AnchorProps) {
  useImperativeHandle(ref, () => to.current!, [to]);
  return null;
}
