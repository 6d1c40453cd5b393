// How a page looks: on a phone, on a projector, in the dark, and on paper.
#include <autograd/page/source.hpp>

namespace autograd::detail {

std::string_view page_style() {
  return R"css(
:root { --paper: #fff; --ink: #1d1d1f; --quiet: #5f6368; --line: #b8bcc2; --card: #fff; --leaf: #e6f1fa;
  --leaf-line: #0072b2; --result: #fff5df; --result-line: #b06a00; --mark: #c24e00; --above: #00568f;
  --below: #a84000; --pale: #f4f4f2; --panel: #f7f7f5; color-scheme: light }
:root[data-theme="dark"] { --paper: #16181c; --ink: #ececf0; --quiet: #a8adb5; --line: #5b616a; --card: #23262c;
  --leaf: #16324a; --leaf-line: #56b4e9; --result: #40330f; --result-line: #e69f00; --mark: #ff9a4d;
  --above: #7cc6f2; --below: #ffab6b; --pale: #1c1f24; --panel: #1e2127; color-scheme: dark }
* { box-sizing: border-box }
body { margin: 0; font: 16px/1.45 system-ui, Helvetica, Arial, sans-serif; color: var(--ink); background: var(--paper) }
header { display: flex; align-items: center; gap: 1rem; padding: .5rem 1rem }
h1 { font-size: 1.25rem; margin: 0; flex: 1; overflow-wrap: anywhere }
h2 { font-size: 1rem; margin: .6rem 0 .3rem }
main { padding: 0 1rem 2rem; display: flex; flex-direction: column }
button, input, select { font: inherit; color: inherit }
button { min-width: 2.4rem; min-height: 2.4rem; padding: 0 .6rem; border: 1px solid var(--line); border-radius: 6px; background: var(--card); cursor: pointer }
button:hover { border-color: var(--mark) }
:focus-visible { outline: 3px solid var(--mark); outline-offset: 1px }
#top { display: grid; grid-template-columns: minmax(0, 1fr) minmax(17rem, 24rem); gap: 1rem; align-items: start }
#drawing { position: relative; border: 1px solid var(--line); border-radius: 8px; background: var(--pale) }
#graph { display: block; width: 100%; max-height: 52vh; min-height: 13rem; touch-action: none; cursor: grab }
#levels { display: flex; gap: .3rem; flex-wrap: wrap }
#levels[hidden] { display: none }
#levels [aria-pressed="true"] { border-color: var(--mark); font-weight: bold }
#tools { display: flex; align-items: start; justify-content: space-between; gap: .5rem; padding: .4rem; border-bottom: 1px solid var(--line) }
#zoom { display: flex; gap: .3rem; margin-left: auto }
#about { position: absolute; left: .7rem; bottom: .4rem; margin: 0; font-size: .9rem; color: var(--quiet); background: var(--pale); pointer-events: none }
#side { max-height: 56vh; overflow-y: auto; padding: 0 .8rem .4rem; border: 1px solid var(--line); border-radius: 8px; background: var(--panel) }
#side > p { margin: .4rem 0; font-size: .9rem; color: var(--quiet) }
.leaf { display: grid; grid-template-columns: minmax(4rem, auto) 1fr 6.5rem; gap: .5rem; align-items: center; margin: .15rem 0 }
.leaf input[type=number], #questions input[type=text], #model input { width: 100%; padding: .25rem .4rem; border: 1px solid var(--line); border-radius: 5px; background: var(--card) }
input[type=range] { width: 100%; accent-color: var(--mark) }
#now { margin-top: .8rem; padding: .6rem .9rem; border: 1px solid var(--line); border-radius: 8px; background: var(--panel) }
#line { margin: 0; min-height: 1.6em; font: 1.25rem/1.5 Georgia, "Times New Roman", serif; overflow-wrap: anywhere }
#remark { margin: 0 0 .4rem; min-height: 1.4em; font-size: .95rem; color: var(--quiet) }
#bar { display: flex; gap: .4rem; align-items: center; flex-wrap: wrap }
#bar input { flex: 1; min-width: 8rem }
sub, sup { line-height: 0 }
.card rect { fill: var(--card); stroke: var(--line); stroke-width: 1.2 }
.card.leafy rect { fill: var(--leaf); stroke: var(--leaf-line) }
.card.root rect { fill: var(--result); stroke: var(--result-line) }
.card.part rect { stroke-width: 2.2; stroke: var(--quiet) }
.card.later rect { fill: var(--pale) }
.card.marked rect { stroke: var(--mark); stroke-width: 3.5 }
.card text { font: 13px Helvetica, Arial, sans-serif; fill: var(--ink) }
.card .head { font-weight: bold }
.card .word { fill: var(--quiet); font-size: 12px }
.card .above { fill: var(--above) }
.card .below { fill: var(--below) }
.card { cursor: pointer; outline: none }
.card:focus-visible rect { stroke: var(--mark); stroke-width: 3.5; stroke-dasharray: 5 3 }
.card.other rect { stroke: var(--mark); stroke-width: 3; stroke-dasharray: 2 3 }
.card.within rect { fill: var(--result) }
.tab { cursor: pointer; outline: none }
.tab rect { fill: var(--panel); stroke: var(--quiet) }
.tab text { font: 11px Helvetica, Arial, sans-serif; fill: var(--ink) }
.tab:focus-visible rect { stroke: var(--mark); stroke-width: 3 }
.arrow { fill: none; stroke: var(--line); stroke-width: 1.4 }
.arrow.dead { stroke-dasharray: 5 4 }
.arrow.marked { stroke: var(--mark); stroke-width: 3.5 }
.head-mark { fill: var(--mark) }
.no-gradients .gradient { visibility: hidden }
#questions form { display: grid; grid-template-columns: minmax(5rem, auto) 8rem auto auto; gap: .5rem; align-items: center; justify-content: start; margin: .3rem 0 }
#questions > label { display: block; margin: .3rem 0 }
#questions p { margin: 0; grid-column: 1 / -1; font-size: .95rem; color: var(--quiet) }
#questions p.right { color: var(--above); font-weight: bold }
#model label { display: block; margin: .3rem 0 }
#model input { width: 6rem }
#model ul { padding-left: 1.1rem; margin: .3rem 0 }
#model .wide { overflow-x: auto }
#model select { max-width: 100%; padding: .3rem; background: var(--card); border: 1px solid var(--line); border-radius: 5px }
#model canvas { display: block; width: 100%; max-width: 18rem; aspect-ratio: 1; border: 1px solid var(--line); border-radius: 6px; margin: .4rem auto }
#model table { border-collapse: collapse; font-size: .9rem; margin: .4rem 0 }
#model td, #model th { padding: .1rem .6rem; text-align: right; border-bottom: 1px solid var(--line) }
details { margin-top: 1rem }
summary { cursor: pointer }
pre { overflow-x: auto; font-size: .9rem }
.note { font-size: .9rem; color: var(--quiet) }
.tape svg { display: block; width: 100%; max-width: 48rem; height: auto; cursor: crosshair }
.tape .here { stroke: #c24e00; stroke-width: 1.5; fill: none }
#row { width: 9rem; padding: .25rem .4rem; border: 1px solid var(--line); border-radius: 5px; background: var(--card) }
.tape { overflow: auto; background: #fff; border-radius: 8px }
@media (max-width: 760px) {
  #top { display: contents }
  #side { max-height: none; margin-top: .8rem; order: 2 }
  #now { order: 1 }
  #worksheet, #table, details, .note { order: 3 }
  #line { font-size: 1.1rem }
  #questions form { grid-template-columns: 1fr 1fr }
}
@media (min-width: 761px) { #graph { min-height: 46vh } }
@media (min-width: 1700px) { body { font-size: 20px } #graph, #side { max-height: 62vh } }
@media print {
  :root[data-theme] { --paper: #fff; --ink: #000; --card: #fff; --pale: #fff; --panel: #fff; --leaf: #eef4fa; --result: #fff }
  #zoom, #levels, #bar, #theme, #worksheet, #side button, .leaf input[type=range], .note { display: none }
  #top { display: block } #side, #drawing, #now { border: 0; max-height: none }
  #graph { max-height: none }
}
)css";
}

}  // namespace autograd::detail
