// The look of the views. VS Code's variables alone, no colour of our own; every colour has a shape beside it.
import { css } from 'lit'

export const sharedStyle = css`
  :host {
    --mono: var(--vscode-editor-font-family);
    --diff: var(--vscode-list-warningForeground, var(--vscode-editorWarning-foreground));
    --denied: var(--vscode-list-errorForeground, var(--vscode-errorForeground));
    --changed: var(--vscode-debugView-valueChangedHighlight, var(--vscode-focusBorder));
    --line: var(--vscode-panel-border, var(--vscode-contrastBorder));
    --dim: color-mix(in srgb, var(--vscode-foreground) 75%, transparent);
    --pad: 12px;
    color: var(--vscode-foreground);
    font: var(--vscode-font-size) / 1.4 var(--vscode-font-family);
  }
  * { box-sizing: border-box; }
  b { font-weight: 600; }
  code, .value, .name, .number, .summary { font: 12px / 20px var(--mono); white-space: nowrap; }
  code, .summary { white-space: pre; }
  .dim, .zero, .summary, .number { color: var(--dim); }
  a { color: var(--vscode-textLink-foreground); text-decoration: none; }
  a:hover { text-decoration: underline; }
  .grow { flex: 1; }
  .bar { display: flex; align-items: center; flex-wrap: wrap; gap: 4px 8px; padding: 4px var(--pad); min-height: 35px; }
  .stop { font: 12px var(--mono); white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
  .stop vscode-icon { vertical-align: -3px; }
  .note, .empty { padding: 8px 20px; line-height: 20px; }
  .note vscode-icon { vertical-align: -3px; }
  /* A step is over before the eye sees it dim. */
  .stale { opacity: 0.6; transition: opacity 0s 0.3s; }
  .ne { color: var(--diff); font-weight: 700; }
  i { font-style: normal; font-weight: 700; color: var(--diff); text-decoration: underline 2px; text-underline-offset: 2px; }
  .current { background: var(--vscode-list-inactiveSelectionBackground); }
  .current:focus, .heading:focus, .bit:focus, .msrvalue:focus {
    outline: 1px solid var(--vscode-list-focusOutline, var(--vscode-focusBorder));
    outline-offset: -1px;
  }
  .current:not(:focus) { outline: 1px dashed var(--vscode-contrastActiveBorder, transparent); outline-offset: -1px; }
  .changed { position: relative; font-weight: 700; }
  .changed::before { content: ''; position: absolute; left: -6px; top: 2px; bottom: 2px; width: 3px; background: var(--changed); }
  vscode-icon { --vscode-icon-foreground: currentColor; vertical-align: -3px; }
  .twistie { display: inline-block; width: 16px; }
  .edit {
    width: 12ch; height: 20px; padding: 0 3px; margin-left: -4px; font: 12px var(--mono); border-radius: 2px;
    color: var(--vscode-input-foreground); background: var(--vscode-input-background);
    border: 1px solid var(--vscode-focusBorder); outline: none;
  }
  .edit.refused { border-color: var(--vscode-inputValidation-errorBorder); background: var(--vscode-inputValidation-errorBackground); }
  .now { color: var(--diff); margin-left: 6px; }
  .refusal { padding: 2px var(--pad) 4px 24px; color: var(--denied); line-height: 18px; white-space: normal; }
  .own {
    display: inline-block; width: 13px; height: 13px; margin-left: 5px; border: 1px solid currentColor; border-radius: 2px;
    font: 600 9px / 12px var(--vscode-font-family); text-align: center; vertical-align: 1px; color: var(--vscode-foreground);
  }
  .own.host { background: var(--vscode-foreground); border-color: var(--vscode-foreground); color: var(--vscode-editor-background); }
  .own.nobody { border-style: dashed; color: var(--dim); }
  h2 { margin: 0; padding: 0 var(--pad); font-size: 11px; line-height: 22px; font-weight: 600; text-transform: uppercase; }
  h2 .dim { text-transform: none; font-weight: 400; }
`

export const debugEventsStyle = css`
  :host { display: block; container-type: inline-size; }
  .empty { padding: 2px var(--pad) 8px; line-height: 18px; }
  .event {
    display: grid; grid-template-columns: 96px 78px minmax(90px, 1fr) minmax(70px, 0.6fr) 70px 2fr; gap: 0 12px;
    padding: 0 var(--pad); font: 12px / 20px var(--mono);
  }
  .event > * { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
  .hd { font: 11px / 20px var(--vscode-font-family); color: var(--dim); }
  .count { text-align: right; }
  .to, .why { font-family: var(--vscode-font-family); }
  .own { margin: 0 2px 0 0; }
  .denied .what, .denied .to { color: var(--denied); }
  .to vscode-icon { margin: 0 1px 0 -2px; }
  @container (max-width: 700px) {
    .wide, .whom { display: none; }
    .event { grid-template-columns: 86px 18px 104px minmax(0, 1fr); gap: 0 6px; }
    .hd .to { font-size: 0; }
    .symbol { order: 4; }
    .to { order: 2; }
    .what, .hd :nth-child(4) { order: 3; }
  }
  @container (max-width: 340px) { .event { grid-template-columns: 72px 16px 88px minmax(0, 1fr); } }
`

export const registersStyle = css`
  :host { display: flex; flex-direction: column; height: 100vh; container-type: inline-size; }
  .scroll { overflow: auto; flex: 1; min-height: 0; }
  .search { width: 300px; }
  .format { width: 120px; }
  .msr { padding-bottom: 6px; }
  .line { display: flex; flex-wrap: wrap; gap: 0 8px; align-items: baseline; padding: 4px var(--pad); }
  .line > span { white-space: nowrap; }
  .msrvalue { padding: 0 7px; }
  .heading {
    display: flex; align-items: center; gap: 4px; height: 22px; padding: 0 4px; cursor: pointer; font-size: 11px; font-weight: 600;
    text-transform: uppercase; border-top: 1px solid var(--line); color: var(--vscode-sideBarSectionHeader-foreground, inherit);
  }
  .heading .dim { text-transform: none; font-weight: 400; }
  .list { padding: 2px 0 6px; }
  .row { display: grid; grid-template-columns: 96px 40px var(--value, 9ch) 1fr; gap: 0 10px; height: 20px; padding-left: 6px; overflow: hidden; }
  .row > *, .field > * { overflow: hidden; text-overflow: ellipsis; }
  .row .value { overflow: visible; }
  .row .name, .field .name { color: var(--vscode-debugTokenExpression-name); }
  .row vscode-icon { height: 16px; cursor: pointer; }
  .field { display: grid; grid-template-columns: 10ch 40px minmax(4ch, auto) 1fr; gap: 0 10px; min-height: 20px; padding-left: 28px; }
  .field .title { line-height: 20px; font-size: 12px; color: var(--dim); }
  .decimal { --value: 11ch; }
  .signed { --value: 12ch; }
  .binary { --value: 35ch; }
  .characters { --value: 5ch; }
  /* Down and then across, as in the manual. */
  .general { columns: 4; column-gap: 14px; padding: 2px 6px 6px 0; }
  .binary .general { columns: 2; }
  .general .row { grid-template-columns: 46px var(--value, 9ch) 1fr; padding-left: 4px; break-inside: avoid; }
  .general .number { display: none; }
  .columns { display: flex; align-items: flex-start; }
  .columns > * { flex: 1; min-width: 0; }
  .columns > * + * { border-left: 1px solid var(--line); }
  @container (max-width: 1000px) {
    .general { columns: 3; }
    .binary .general { columns: 1; }
  }
  @container (max-width: 520px) {
    :host { --pad: 8px; }
    .wide { display: none; }
    .search { width: 100%; }
    .format { width: 104px; }
    .general { columns: 2; column-gap: 4px; }
    .general .row { grid-template-columns: 42px var(--value, 9ch) 1fr; padding-left: 0; gap: 0 8px; }
    .general .summary { display: none; }
    .row { grid-template-columns: 86px var(--value, 9ch) 1fr; gap: 0 8px; padding-left: 0; }
    .row .number { display: none; }
    .field { grid-template-columns: 9ch 38px minmax(3ch, auto) 1fr; gap: 0 6px; padding-left: 18px; }
    .field .title { white-space: nowrap; }
  }
  @container (max-width: 340px) { .field .title { display: none; } }
`

export const msrStyle = css`
  :host { display: block; container-type: inline-size; }
  .bits { display: grid; grid-template-columns: repeat(32, 1fr); border: 1px solid var(--line); margin: 0 var(--pad); }
  .bit {
    position: relative; height: 40px; padding-top: 3px; overflow: hidden; text-align: center;
    font: 11px / 16px var(--mono); letter-spacing: -0.02em; border-left: 1px solid var(--line);
  }
  .bit:nth-child(8n + 1) { border-left-color: var(--dim); }
  .bit:first-child { border-left: 0; }
  .bit .v { display: block; font: 13px / 16px var(--mono); }
  .bit .name { font: inherit; }
  .bit.one { background: var(--vscode-list-inactiveSelectionBackground); font-weight: 700; }
  .bit.one .v { font-weight: 700; }
  .bit.one::after { content: ''; position: absolute; inset: auto 0 0; height: 3px; background: var(--vscode-foreground); }
  .bit.changed::before { inset: 0 0 auto; width: auto; height: 3px; }
  .bit.differs { box-shadow: inset 0 0 0 2px var(--diff); }
  .bit .ne { position: absolute; top: 3px; right: 4px; font-size: 11px; line-height: 16px; }
  .bit.reserved { color: var(--vscode-disabledForeground); line-height: 36px; }
  .bit.reserved .v { line-height: 36px; }
  .bit:focus { outline-width: 2px; outline-offset: -2px; z-index: 1; }
  .detail {
    display: flex; flex-wrap: wrap; gap: 0 18px; margin: 0 var(--pad); padding: 4px 8px; min-height: 28px;
    border: 1px solid var(--line); border-top: 0; font-size: 12px; line-height: 20px;
  }
  .detail code { white-space: normal; }
  @container (max-width: 700px) {
    .bits { grid-template-columns: repeat(8, 1fr); }
    .bit { border-bottom: 1px solid var(--line); }
    .bit .ne { right: 2px; }
    .bit:nth-child(8n + 1) { border-left: 0; }
    .bit:nth-child(n + 25) { border-bottom: 0; }
    .wide { display: none; }
  }
`

export const debugResourcesStyle = css`
  :host { display: flex; flex-direction: column; height: 100vh; container-type: inline-size; }
  .view {
    display: grid; flex: 1; min-height: 0; grid-template-columns: minmax(500px, 1.35fr) 1fr;
    grid-template-rows: auto minmax(0, 1fr) minmax(110px, 1.4fr); grid-template-areas: 'table top' 'table slots' 'events events';
  }
  e500-debug-events { grid-area: events; overflow: auto; min-width: 0; border-top: 1px solid var(--line); }
  .table { grid-area: table; overflow: auto; border-right: 1px solid var(--line); }
  .top { grid-area: top; }
  .slots { grid-area: slots; overflow: auto; }
  @media (max-height: 420px) {
    .view { grid-template-rows: auto auto 1fr; grid-template-areas: 'table top' 'table slots' 'table events'; overflow: auto; }
    .table { position: sticky; top: 0; max-height: 100vh; }
    .slots, e500-debug-events { overflow: visible; }
  }
  @media (max-height: 420px) and (min-width: 1040px) {
    .view { grid-template-columns: minmax(430px, 1.3fr) 1fr 1fr; grid-template-areas: 'table top events' 'table slots events'; grid-template-rows: auto 1fr; }
    e500-debug-events { border-top: 0; border-left: 1px solid var(--line); }
    .hd small { display: none; }
  }
  vscode-radio-group { padding: 2px var(--pad); }
  .sentence { padding: 2px var(--pad) 6px; line-height: 18px; }
  .facts { display: flex; flex-wrap: wrap; gap: 2px 20px; padding: 5px var(--pad); font-size: 12px; border-top: 1px solid var(--line); color: var(--dim); }
  .facts b { font: 700 12px var(--mono); color: var(--vscode-foreground); }
  .hd, .reg, .fld {
    display: grid; grid-template-columns: 18px minmax(116px, 1.2fr) minmax(84px, 1fr) minmax(84px, 1fr) minmax(118px, 1fr);
    font: 12px / 20px var(--mono);
  }
  .hd { position: sticky; top: 0; z-index: 1; font: 600 11px / 22px var(--vscode-font-family); background: var(--vscode-panel-background, var(--vscode-editor-background)); border-bottom: 1px solid var(--line); }
  .hd small { font-size: 11px; font-weight: 400; color: var(--dim); }
  .reg { border-top: 1px solid var(--line); }
  .reg .name { font-weight: 700; }
  .fld { line-height: 18px; }
  .fld .name { padding-left: 24px; }
  .name, .fld .name { line-height: inherit; }
  .hd > *, .reg > *, .fld > * { padding: 0 4px; white-space: nowrap; overflow: hidden; }
  .hd > :nth-child(n + 3), .reg > :nth-child(n + 3), .fld > :nth-child(n + 3) { border-left: 1px solid var(--line); padding-left: 10px; }
  .hw { background: var(--vscode-keybindingTable-headerBackground); }
  .reg vscode-icon { height: 16px; cursor: pointer; }
  .legend { display: flex; flex-wrap: wrap; gap: 4px 16px; padding: 6px var(--pad); font-size: 11px; color: var(--dim); border-top: 1px solid var(--line); }
  .legend > span { white-space: nowrap; }
  h2 { border-top: 1px solid var(--line); }
  .slot { display: grid; grid-template-columns: 44px 24px 1fr; padding: 2px var(--pad); line-height: 20px; }
  .slot .n { font: 700 12px / 20px var(--mono); }
  .slot .own { margin: 4px 0 0; }
  .slot .what { min-width: 0; overflow-wrap: anywhere; }
  .slot .refused { color: var(--dim); }
  .bp { display: inline-block; width: 9px; height: 9px; margin: 0 5px 0 3px; border-radius: 50%; background: var(--vscode-debugIcon-breakpointForeground); border: 2px solid var(--vscode-debugIcon-breakpointForeground); }
  .bp.hollow { background: none; }
  @container (max-width: 760px) {
    :host { overflow: auto; }
    .view { display: block; flex: none; }
    .table { overflow: visible; border-right: 0; }
    e500-debug-events { overflow: visible; }
    .hd, .reg, .fld { grid-template-columns: 14px minmax(76px, 1fr) 70px 70px 96px; }
    .hd small { display: none; }
    .hd > :nth-child(n + 3), .reg > :nth-child(n + 3), .fld > :nth-child(n + 3) { padding-left: 5px; padding-right: 0; }
    .fld .name { padding-left: 20px; }
  }
`
