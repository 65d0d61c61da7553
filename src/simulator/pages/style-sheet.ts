/** The pages' one style sheet. States are told by words first; colour only repeats them. */
export const styleSheet = `
:root { color-scheme: light dark; --line: #8886; --soft: #8881; --good: #1a7f37; --bad: #cf222e; --wait: #9a6700; }
@media (prefers-color-scheme: dark) { :root { --good: #3fb950; --bad: #ff7b72; --wait: #d29922; } }
* { box-sizing: border-box; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; padding: 0 1rem 4rem; max-width: 64rem; }
header.top { display: flex; flex-wrap: wrap; gap: 1rem; justify-content: space-between; align-items: center;
  padding: .75rem 0; border-bottom: 1px solid var(--line); }
header.top form { display: flex; gap: .5rem; align-items: center; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 1rem 0 .25rem; }
h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
h3 { font-size: 1rem; margin: 0; }
a { text-underline-offset: .15em; }
:focus-visible { outline: 3px solid #4493f8; outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
code, pre { font: .875em/1.45 ui-monospace, monospace; }
pre { overflow-x: auto; padding: .75rem; background: var(--soft); border-radius: .4rem; }
.state { font-weight: 600; white-space: nowrap; }
.good { color: var(--good); } .bad { color: var(--bad); } .wait { color: var(--wait); }
.meta { opacity: .8; font-size: .9rem; margin: .25rem 0; }
.box { border: 1px solid var(--line); border-radius: .5rem; margin: 1rem 0; overflow: hidden; }
.box > header { display: flex; flex-wrap: wrap; gap: .25rem .75rem; padding: .4rem .9rem; background: var(--soft);
  border-bottom: 1px solid var(--line); }
.box > .body { padding: .25rem .9rem .5rem; overflow-wrap: anywhere; }
.event { margin: .5rem 0 .5rem .9rem; }
.alert { border-left: .4rem solid var(--bad); padding: .5rem 1rem; margin: 1rem 0; background: var(--soft); }
.actions { display: flex; flex-wrap: wrap; gap: .5rem; align-items: end; margin: .75rem 0; }
textarea { width: 100%; min-height: 6rem; font: inherit; padding: .5rem; }
input, select, button { font: inherit; padding: .3rem .7rem; }
label { display: block; font-weight: 600; }
pre.diff { padding: .5rem 0; } pre.diff span { display: block; padding: 0 .75rem; white-space: pre; min-width: max-content; }
pre.diff .added { background: #2ea04333; } pre.diff .removed { background: #f8514933; } pre.diff .hunk { opacity: .7; }
summary { cursor: pointer; padding: .3rem 0; }
`;
