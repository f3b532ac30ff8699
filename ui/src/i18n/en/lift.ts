/** Moving by keyboard, as it is spoken. */
export const lift = {
  lifted: (title: string, where: string) => `Lifted ${title}. ${where}. Arrows move, Space drops, Escape cancels.`,
  place: (column: string, at: number, of: number) => `${column}, ${at} of ${of}`,
  dropped: (title: string, where: string) => `Dropped ${title}. ${where}.`,
  cancelled: (where: string) => `Cancelled. Back in ${where}.`,
};
