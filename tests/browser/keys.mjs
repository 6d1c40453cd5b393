// A page in a browser, by the keyboard alone: what is wrong with it, a line each, and how long it took to
// the first step.
//
//   node keys.mjs PLAYWRIGHT PAGE PICTURES
//
// PLAYWRIGHT is the folder that install has filled; PICTURES that of the pictures, phone to projector.

import {createRequire} from 'node:module';
import {resolve} from 'node:path';
import {pathToFileURL} from 'node:url';

const [, , folder, page_file, pictures] = process.argv;
const {chromium} = createRequire(resolve(folder, 'package.json'))('playwright-core');
const browser = await chromium.launch({executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox']});

const say = (...words) => console.log(words.join(' '));
const expect = (is_so, what) => { if (!is_so) say('wrong:', what); };
const open = async (options) => {
  const page = await browser.newPage(options);
  page.on('console', (message) => say('console:', message.text()));
  page.on('pageerror', (error) => say('error:', error.message));
  page.on('request', (request) => { if (request.url() !== pathToFileURL(resolve(page_file)).href) say('fetched:', request.url()); });
  await page.goto(pathToFileURL(resolve(page_file)).href);
  return page;
};
const text = (page, id) => page.locator('#' + id).textContent();

// ---- everything can be reached by Tab, has a name, and shows that it has the focus ----

const keyboard = await open({viewport: {width: 1280, height: 900}, reducedMotion: 'reduce'});
const started = await keyboard.evaluate(() => performance.now());
await keyboard.keyboard.press('ArrowRight');
const first_line = await text(keyboard, 'line');
const to_first_step = await keyboard.evaluate(() => performance.now());
expect(first_line.includes(' = '), 'the first step has no line');
expect((await text(keyboard, 'count')).startsWith('1 /'), 'an arrow key makes no step');

const reachable = await keyboard.evaluate(() => {
  const all = [...document.querySelectorAll('button, input, select, summary, pre, .card, .tab, #graph')]
    .filter((each) => !each.disabled && each.getClientRects().length > 0 && !each.closest('details:not([open]) > :not(summary)'));
  all.forEach((each, k) => { each.dataset.reach = k; });
  return all.length;
});
const reached = new Set();
for (let k = 0; k < reachable + 20 && reached.size < reachable; ++k) {
  await keyboard.keyboard.press('Tab');
  const {reach, is_seen, name} = await keyboard.evaluate(() => {
    const {activeElement: focused} = document;
    if (!focused || focused === document.body) return {};
    const mark = focused.matches('.card, .tab') ? getComputedStyle(focused.querySelector('rect')) : getComputedStyle(focused);
    const name = focused.getAttribute('aria-label') || focused.textContent.trim() || [...(focused.labels || [])].map((each) => each.textContent).join() || focused.tagName === 'PRE';
    return {reach: focused.dataset.reach, name,
      is_seen: mark.outlineStyle !== 'none' || parseFloat(mark.strokeWidth) >= 3};
  });
  if (reach === undefined) continue;
  reached.add(reach);
  expect(is_seen, 'the focus cannot be seen on ' + name);
  expect(name, 'no name: element ' + reach);
}
expect(reached.size === reachable, 'Tab reaches ' + reached.size + ' of ' + reachable);

// ---- each control by its key ----

const focus = (selector) => keyboard.locator(selector).first().focus();
const count = async () => Number((await text(keyboard, 'count')).split(' / ')[0]);
await focus('#last');
await keyboard.keyboard.press('Enter');
const last = await count();
await focus('#back');
await keyboard.keyboard.press('Space');
expect(await count() === last - 1, 'the space bar on the button back');
await focus('#step');
await keyboard.keyboard.press('ArrowLeft');
expect(await count() === last - 2, 'an arrow key on the bar');
await keyboard.keyboard.press('Home');
expect(await count() === 0, 'Home on the bar');
await focus('#play');
await keyboard.keyboard.press('Enter');
await keyboard.waitForFunction(() => !document.getElementById('count').textContent.startsWith('0 '));
await keyboard.keyboard.press('Enter');
expect(await text(keyboard, 'play') === 'Play', 'Enter does not pause');
await focus('#graph');
const view = () => keyboard.locator('#graph').getAttribute('viewBox');
const before = await view();
await keyboard.keyboard.press('+');
expect(await view() !== before, 'plus does not zoom');
await keyboard.keyboard.press('0');
await focus('#theme');
const theme = () => keyboard.evaluate(() => document.documentElement.dataset.theme);
const bright = await theme();
await keyboard.keyboard.press('Enter');
expect(await theme() !== bright, 'Enter on dark or light');
await keyboard.keyboard.press('Enter');

if (await keyboard.locator('.leaf input[type=range]:enabled').count() > 0) {
  await keyboard.keyboard.press('End');
  await focus('#last');
  await keyboard.keyboard.press('Enter');
  const line = await text(keyboard, 'line');
  const lines = async () => [line !== await text(keyboard, 'line'), await keyboard.locator('.card').evaluateAll((cards) => cards.map((each) => each.getAttribute('aria-label')).join())];
  const [, as_recorded] = await lines();
  await focus('.leaf input[type=range]:enabled');
  for (let k = 0; k < 3; ++k) await keyboard.keyboard.press('ArrowRight');
  const [is_other_line, moved] = await lines();
  expect(is_other_line || moved !== as_recorded, 'an arrow key on a slider changes nothing');
  await focus('#reset');
  await keyboard.keyboard.press('Enter');
}
const levels = keyboard.locator('#levels button');
if (await levels.count() > 1) {
  await levels.nth(await keyboard.locator('#row').count()).focus();
  await keyboard.keyboard.press('Enter');
  const closed = await keyboard.locator('.card').count();
  await focus('.card.part');
  await keyboard.keyboard.press('Enter');
  if (await keyboard.locator('#row').count() === 0) {
    expect(await keyboard.locator('.card').count() !== closed, 'Enter does not open a part');
    expect(await keyboard.evaluate(() => document.activeElement.matches('.tab, .card')), 'the focus is lost');
    await focus('.tab');
    await keyboard.keyboard.press('Enter');
    expect(await keyboard.locator('.card').count() === closed, 'Enter does not close a part');
  }
}
if (await keyboard.locator('#row').count() > 0) {
  await focus('#row');
  await keyboard.keyboard.press('Control+A');
  await keyboard.keyboard.type('7');
  await keyboard.keyboard.press('Enter');
  expect((await text(keyboard, 'name')).length > 0 && await keyboard.locator('#row').inputValue() === '7', 'the number of an operation');
}
if (await keyboard.locator('#questions form').count() > 0) {
  await focus('#questions input[type=text]');
  await keyboard.keyboard.type('12345');
  await keyboard.keyboard.press('Enter');
  expect((await keyboard.locator('#questions form p').first().textContent()).startsWith('Not this'), 'Enter in the worksheet');
}
if (await keyboard.locator('#train').count() > 0) {
  await focus('#train');
  await keyboard.keyboard.press('Enter');
  expect((await keyboard.locator('#model [role=status]').textContent()).startsWith('Step 1'), 'Enter on a step of training');
}
const motion = await keyboard.evaluate(() => document.getAnimations().length);
expect(motion === 0, 'something moves although reduced motion is asked for');

// ---- contrast of all text that is shown, in both themes ----

for (const theme_name of ['light', 'dark']) {
  const faint = await keyboard.evaluate((name) => {
    document.documentElement.dataset.theme = name;
    const numbers = (colour) => (colour.match(/[\d.]+/g) || []).map(Number);
    const light = (colour) => {
      const [r, g, b] = numbers(colour).map((x) => (x /= 255) <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ground_of = (element) => {
      for (let each = element; each; each = each.parentElement) {
        const colour = getComputedStyle(each).backgroundColor, alpha = numbers(colour)[3];
        if (colour !== 'transparent' && alpha !== 0) return colour;
      }
      return 'rgb(255, 255, 255)';
    };
    const result = new Set();
    for (const element of document.querySelectorAll('body *')) {
      const has_text = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
      if (!has_text || element.getClientRects().length === 0 || element.closest('.tape, script, style')) continue;
      const is_drawn = element.namespaceURI.endsWith('svg'), style = getComputedStyle(element);
      const ground = is_drawn ? getComputedStyle(element.parentNode.querySelector('rect')).fill : ground_of(element);
      const a = light(is_drawn ? style.fill : style.color), b = light(ground);
      const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      if (contrast < 4.5) result.add(element.tagName + ' ' + (element.getAttribute('class') || element.id) + ' ' + contrast.toFixed(2));
    }
    return [...result];
  }, theme_name);
  for (const each of faint) say('faint in', theme_name + ':', each);
}
await keyboard.close();

// ---- from phone to projector ----

for (const [name, width, height, is_phone] of [['phone', 390, 844, true], ['projector', 1920, 1080, false]]) {
  const page = await open({viewport: {width, height}, hasTouch: is_phone, isMobile: is_phone});
  for (let k = 0; k < 3; ++k) await page.locator('#on').click();
  await page.screenshot({path: resolve(pictures, name + '.png')});
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wide <= 1, name + ': the page is ' + wide + ' pixels too wide');
  const low = await page.evaluate(() => [...document.querySelectorAll('button')].filter((each) => each.getClientRects().length > 0 && each.getBoundingClientRect().height < 32).length);
  expect(low === 0, name + ': ' + low + ' buttons are too low for a finger');
  if (is_phone) {
    await page.screenshot({path: resolve(pictures, name + '_whole.png'), fullPage: true});
    const box = await page.locator('#graph').boundingBox();
    const at = (x) => ({x: box.x + box.width / 2 + x, y: box.y + box.height / 2});
    const client = await page.context().newCDPSession(page), before_pinch = await page.locator('#graph').getAttribute('viewBox');
    const touch = (type, points) => client.send('Input.dispatchTouchEvent', {type, touchPoints: points.map((point, id) => ({...point, id}))});
    await touch('touchStart', [at(-40), at(40)]);
    for (let k = 1; k <= 5; ++k) await touch('touchMove', [at(-40 - 8 * k), at(40 + 8 * k)]);
    await touch('touchEnd', []);
    const width_of = (box) => Number(box.split(' ')[2]);
    expect(width_of(await page.locator('#graph').getAttribute('viewBox')) < 0.7 * width_of(before_pinch), 'two fingers do not zoom');
  }
  await page.close();
}
await browser.close();
// Two seconds on a machine with nothing else to do.
console.error('first step after ' + Math.round(to_first_step) + ' ms, of which the key ' + Math.round(to_first_step - started) + ' ms');
expect(to_first_step < 10000, 'the first step takes ' + Math.round(to_first_step) + ' ms');
say('done');
