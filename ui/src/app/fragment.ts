/** Secrets of links come in the fragment, which no server and no log sees; here they leave the address bar at once. */
export function takeFragment(): string {
  const found = location.hash.slice(1);
  if (found) history.replaceState(history.state, "", location.pathname + location.search);
  return found;
}
