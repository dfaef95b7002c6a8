/** Index of the first of `count` elements in one of nearly equal blocks: a thread's part, or a block of a product. */
@inline
export function firstBlock(count: i32, block: i32, blocks: i32): i32 {
  return <i32>((<i64>count * block) / blocks);
}
