/** Say what a browser calls itself in two words: "Firefox, Linux". */
const BROWSERS: [RegExp, string][] = [
  [/Edg\//, "Edge"], [/OPR\//, "Opera"], [/YaBrowser\//, "Yandex"], [/Firefox\//, "Firefox"], [/Chrome\//, "Chrome"], [/Safari\//, "Safari"],
];
const SYSTEMS: [RegExp, string][] = [
  [/Android/, "Android"], [/iPhone|iPad/, "iOS"], [/Windows/, "Windows"], [/Mac OS X/, "macOS"], [/CrOS/, "ChromeOS"], [/Linux|X11/, "Linux"],
];

export function agentWords(agent: string | null): string {
  if (!agent) return "?";
  const [browser, system] = [BROWSERS, SYSTEMS].map((known) => known.find(([sign]) => sign.test(agent))?.[1]);
  return [browser, system].filter(Boolean).join(", ") || agent.slice(0, 60);
}
