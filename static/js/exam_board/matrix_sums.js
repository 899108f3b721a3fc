/* Sums of a matrix. Pure: cells in, figures out. A cell is {section, kind, level, topic, stock, count}. */

/** Counts, points and shares of the whole, of each section, level and topic. */
export function totals(cells, sections) {
  const sum = () => ({ count: 0, points: 0, share: 0, levels: {} });
  const all = { count: 0, points: 0, sections: sections.map(sum), levels: {}, topics: {} };
  for (const cell of cells) {
    const points = cell.count * Number(sections[cell.section].points_each);
    const places = [all.sections[cell.section], (all.levels[cell.level] ??= sum()), (all.topics[cell.topic] ??= sum())];
    for (const place of places) {
      place.count += cell.count;
      place.points += points;
      place.levels[cell.level] = (place.levels[cell.level] ?? 0) + cell.count;
    }
    all.count += cell.count;
    all.points += points;
  }
  for (const place of [...all.sections, ...Object.values(all.levels), ...Object.values(all.topics)]) {
    place.share = all.points ? (100 * place.points) / all.points : 0;
  }
  return all;
}

/** How many questions each cell lacks (Map cell -> number): narrow cells are served first, then the wider ones. */
export function shortages(cells, stock, any) {
  const left = stock.map(([topic, kind, level, count]) => ({ topic, kind, level, count }));
  const width = (cell) => (cell.topic === any) + (cell.level === any);
  const lacking = new Map();
  for (const cell of cells.filter((one) => one.count).sort((a, b) => width(a) - width(b))) {
    let wanted = cell.count;
    for (const pile of left) {
      const fits =
        pile.kind === cell.kind &&
        (cell.topic === any || pile.topic === cell.topic) &&
        (cell.level === any || pile.level === cell.level);
      if (!fits) continue;
      const taken = Math.min(wanted, pile.count);
      pile.count -= taken;
      wanted -= taken;
    }
    if (wanted) lacking.set(cell, wanted);
  }
  return lacking;
}
