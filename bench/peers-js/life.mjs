// One life of a system: obeys orders on standard input, one line each, and answers on standard
// output. Ends with its parent, whose end closes standard input.
import { appendFileSync, closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import { createInterface } from "node:readline";

const AT_ONCE = 64;
const STEPS = 10;
const ANSWER_CHARACTERS = 200;
const TURN_CHARACTERS = 2048;
// Half of what a call of the outside takes: there and back.
const WAY_MS = 10;

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

// Random characters from a seed, of the kind and length that the other systems write.
function text(seed, characters) {
  let state = (seed * 2654435761 + 12345) >>> 0 || 1;
  let made = "";
  for (let i = 0; i < characters; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    made += String.fromCharCode(32 + ((state >>> 0) % 95));
  }
  return made;
}

const ANSWERS = Array.from({ length: 1024 }, (_, i) => text(i + 1, ANSWER_CHARACTERS));
export const answer = (number) => ANSWERS[number % ANSWERS.length];
export const turn = (number) => text(1_000_000 + number, TURN_CHARACTERS);

// The outside world: one line for each thing that happened.
export function ledger(file) {
  const handle = openSync(file, "a");
  return {
    count: (run, step) => appendFileSync(handle, `${run} ${step}\n`),
    pay: async (run) => {
      await sleep(WAY_MS);
      writeSync(handle, `${run} no-key\n`);
      fsyncSync(handle);
      await sleep(WAY_MS);
    },
    close: () => closeSync(handle),
  };
}

async function all(runs, atOnce, call) {
  let next = 0;
  const client = async () => {
    while (next < runs) await call(next++);
  };
  await Promise.all(Array.from({ length: Math.min(runs, atOnce) }, client));
}

let started = 0;

async function steps(system, millis) {
  const before = started;
  const began = performance.now();
  const client = async () => {
    while (performance.now() < began + millis) {
      const seed = started++;
      await system.run(`run-${seed}`, { kind: "steps", seed, steps: STEPS });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, client));
  const seconds = (performance.now() - began) / 1000;
  return `steps_s=${((started - before) * STEPS) / seconds} batch=1 unfinished=0`;
}

async function obey(system, [order, first, second]) {
  const count = Number(first);
  switch (order) {
    case "steps":
      return steps(system, count);
    case "turns":
      await system.run("history", { kind: "turns", seed: 0, steps: count });
      return `turns=${count}`;
    case "counted": {
      const steps = Number(second);
      await all(count, count, (i) => system.run(`counted-${i}`, { kind: "counted", seed: i, steps }));
      return `runs=${count}`;
    }
    case "effects":
      await all(count, Number(second), (i) =>
        system.run(`effect-${i}`, { kind: "effect", seed: i, steps: 1 }));
      return `runs=${count}`;
    default:
      throw new Error(`No such order: ${order}`);
  }
}

// What a step of a run does and answers.
export async function work(book, run, { kind, seed }, number) {
  switch (kind) {
    case "steps":
      return answer(seed + number);
    case "turns":
      return turn(number);
    case "counted":
      book.count(run, number);
      return answer(number);
    case "effect":
      await book.pay(run);
      return "paid";
    default:
      throw new Error(`No such workload: ${kind}`);
  }
}

const say = (facts) => process.stdout.write(`peer: ${facts}\n`);

// system.run(id, what) brings the run with that id to its end.
export async function live(system) {
  say("ready=1");
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === "end") {
      await system.close();
      say("ended=1");
      process.exit(0);
    }
    try {
      say(await obey(system, line.split(" ")));
    } catch (failure) {
      console.error(failure);
      process.exit(1);
    }
  }
  process.exit(1);
}
