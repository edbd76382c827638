// LangGraph with one of its savers: one node of the graph is one step, which a checkpoint follows.
// langgraph.mjs sqlite FILE LEDGER | langgraph.mjs postgres URL LEDGER
import { Annotation, END, START, StateGraph } from "@langchain/langgraph";
import { PostgresSaver } from "@langchain/langgraph-checkpoint-postgres";
import { SqliteSaver } from "@langchain/langgraph-checkpoint-sqlite";
import pg from "pg";
import { ledger, live, work } from "./life.mjs";

const [kind, place, ledgerFile] = process.argv.slice(2);
const book = ledger(ledgerFile);
const CONNECTIONS = 64;

async function sqlite(file) {
  const saver = SqliteSaver.fromConnString(file);
  // The first statement of the saver switches WAL on; FULL makes each commit survive a loss of power.
  saver.db.pragma("journal_mode = WAL");
  saver.db.pragma("synchronous = FULL");
  if (saver.db.pragma("synchronous", { simple: true }) !== 2) throw new Error("not FULL");
  return { saver, close: () => saver.db.close() };
}

async function postgres(url) {
  const pool = new pg.Pool({ connectionString: url, max: CONNECTIONS });
  const saver = new PostgresSaver(pool);
  await saver.setup();
  return { saver, close: () => pool.end() };
}

const State = Annotation.Root({
  run: Annotation(),
  what: Annotation(),
  done: Annotation(),
  answers: Annotation({ reducer: (old, added) => old.concat(added), default: () => [] }),
});

const { saver, close } = await (kind === "sqlite" ? sqlite(place) : postgres(place));
const graph = new StateGraph(State)
  .addNode("step", async ({ run, what, done }) => ({
    answers: [await work(book, run, what, done)],
    done: done + 1,
  }))
  .addEdge(START, "step")
  .addConditionalEdges("step", ({ done, what }) => (done < what.steps ? "step" : END))
  .compile({ checkpointer: saver });

// What the user's code must do to resume: ask for the state of each thread, then invoke it again.
// A kill can leave a thread that is not done with nothing next: it must be told to begin where it is.
async function run(id, what) {
  const config = {
    configurable: { thread_id: id },
    recursionLimit: what.steps + 10,
    durability: "sync",
  };
  const state = what.kind === "steps" ? undefined : await graph.getState(config);
  if (state?.values?.done === what.steps) return;
  const isStarted = state !== undefined && state.next.length > 0;
  const done = state?.values?.done ?? 0;
  const end = await graph.invoke(isStarted ? null : { run: id, what, done }, config);
  if (end.answers.length !== what.steps) {
    throw new Error(`Run ${id} ended with ${end.answers.length} answers, not ${what.steps}.`);
  }
}

await live({
  run,
  close: async () => {
    await close();
    book.close();
  },
});
