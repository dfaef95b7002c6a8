import { describe, expect, it } from 'vitest';
import { parseArguments } from './arguments.ts';

describe('parseArguments', () => {
  it('runs the whole plan by default', () => {
    const { parallel, ...rest } = parseArguments([]);
    expect(rest).toEqual({
      task: 'run',
      quick: false,
      only: [],
      cifar: null,
      cifarJpeg: null,
      verify: '',
    });
    expect(parallel).toBeGreaterThanOrEqual(1);
  });

  it('reads every option', () => {
    const args = ['--choose', '--only', 'relu-,tanh', '--parallel', '3', '--cifar', '../cifar'];
    expect(parseArguments(args)).toEqual({
      task: 'choose',
      quick: false,
      only: ['relu-', 'tanh'],
      cifar: '../cifar',
      cifarJpeg: null,
      verify: '',
      parallel: 3,
    });
    expect(parseArguments(['--quick', '--verify', 'a-seed1'])).toMatchObject({
      task: 'verify',
      quick: true,
      verify: 'a-seed1',
    });
    expect(parseArguments(['--list', '--help']).task).toBe('help');
  });

  it.each([
    [['--parallel', '0'], '--parallel must be a whole number from 1 to 256, not "0".'],
    [['--parallel', 'two'], '--parallel must be a whole number from 1 to 256, not "two".'],
    [['--list', '--choose'], '--choose and --list exclude each other'],
    [['--quick', '--choose'], '--quick has no --choose'],
    [['--cifar', ''], '--cifar needs a file or directory, found "".'],
    [['--fast'], "unknown option '--fast'; try --help."],
    [['relu'], "unexpected argument 'relu'"],
  ])('refuses %j', (args, message) => {
    expect(() => parseArguments(args)).toThrow(message);
  });
});
