/** Colours in words: a colour is never the only thing that tells. */
type Names = Record<string, string>;

/** The name of a colour: its own, or that of the nearest one which has a name. */
export function colorName(names: Names, color: string): string {
  return names[color] ?? names[nearest(Object.keys(names), color)] ?? color;
}

/** What a label is called; one without a title is its colour. */
export function labelName(names: Names, label: { title: string; color: string }): string {
  return label.title || colorName(names, label.color);
}

function nearest(colors: string[], color: string): string {
  const far = (other: string) => parts(other).reduce((sum, part, at) => sum + (part - parts(color)[at]!) ** 2, 0);
  return colors.reduce((best, one) => (far(one) < far(best) ? one : best), colors[0]!);
}

function parts(color: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
}
