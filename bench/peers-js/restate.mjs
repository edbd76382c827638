// A Restate service whose steps are ctx.run; the server calls it and remembers.
// restate.mjs SERVICE-PORT INGRESS-PORT ADMIN-PORT LEDGER
import { ledger, live, work } from "./life.mjs";

// The SDK is written for Node 22; this is all that Node 20 lacks of it.
Promise.withResolvers ??= () => {
  const made = {};
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
};

// A line of log for each invocation would be measured, too. Read when the SDK is imported.
process.env.RESTATE_LOGGING ??= "ERROR";
const restate = await import("@restatedev/restate-sdk");

const [servicePort, ingressPort, adminPort, ledgerFile] = process.argv.slice(2);
const book = ledger(ledgerFile);

const peer = restate.service({
  name: "peer",
  handlers: {
    run: async (ctx, { id, what }) => {
      let characters = 0;
      for (let i = 0; i < what.steps; i++) {
        characters += (await ctx.run(`step-${i}`, () => work(book, id, what, i))).length;
      }
      return characters;
    },
  },
});

await restate.endpoint().bind(peer).listen(Number(servicePort));

async function post(url, body, headers) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text}`);
  return JSON.parse(text);
}

await post(`http://127.0.0.1:${adminPort}/deployments`, {
  uri: `http://127.0.0.1:${servicePort}`,
  force: true,
});

await live({
  run: (id, what) =>
    post(`http://127.0.0.1:${ingressPort}/peer/run`, { id, what }, { "idempotency-key": id }),
  close: async () => book.close(),
});
