/** A 3 on the pad: places from 0 to 1 across and down. */
export const three: readonly (readonly [x: number, y: number])[] = [
  ...arc(0.48, 0.34, 0.16, -150, 90),
  ...arc(0.48, 0.69, 0.19, -90, 150),
];

function arc(x: number, y: number, radius: number, from: number, to: number): [number, number][] {
  const points: [number, number][] = [];
  for (let degrees = from; degrees <= to; degrees += 10) {
    const angle = (degrees * Math.PI) / 180;
    points.push([x + radius * Math.cos(angle), y + radius * Math.sin(angle)]);
  }
  return points;
}
