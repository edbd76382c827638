package dev.holdfast.bench;

import dev.dbos.transact.DBOS;
import dev.dbos.transact.workflow.Workflow;
import java.io.IOException;

/** The workloads as DBOS workflows, which DBOS calls through an interface. */
interface DbosFlows {
  /** Ten reads of 200 characters; answers how many it got. */
  int steps(int seed);

  /** So many reads of 2,048 characters. */
  int turns(int count);

  /** Reads that the ledger counts. */
  int counted(String id, int steps) throws IOException;

  /** One effect on the outside. */
  int effect(String id) throws Exception;

  /** Each read and each effect is one step of DBOS. */
  record Steps(DBOS dbos, PeerLedger ledger) implements DbosFlows {
    @Override
    @Workflow
    public int steps(int seed) {
      int characters = 0;
      for (int i = 0; i < Peer.STEPS; i++) {
        int number = seed + i;
        characters += length(dbos.runStep(() -> StepsWorkload.answer(number), StepsWorkload.STEP));
      }
      return characters;
    }

    @Override
    @Workflow
    public int turns(int count) {
      int characters = 0;
      for (int i = 0; i < count; i++) {
        int number = i;
        characters += length(dbos.runStep(() -> StepsWorkload.turn(number), "turn"));
      }
      return characters;
    }

    @Override
    @Workflow
    public int counted(String id, int steps) throws IOException {
      int characters = 0;
      for (int i = 0; i < steps; i++) {
        int number = i;
        characters += length(dbos.runStep(() -> count(id, number), StepsWorkload.STEP));
      }
      return characters;
    }

    private String count(String id, int number) throws IOException {
      ledger.count(id, number);
      return StepsWorkload.answer(number);
    }

    @Override
    @Workflow
    public int effect(String id) throws Exception {
      return length(dbos.runStep(() -> pay(id), "pay"));
    }

    private String pay(String id) throws IOException, InterruptedException {
      ledger.pay(id, "no-key");
      return "paid";
    }

    private static int length(String answer) {
      return answer.length();
    }
  }
}
