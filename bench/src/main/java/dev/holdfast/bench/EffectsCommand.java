package dev.holdfast.bench;

import dev.holdfast.journal.Contract;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Counts outside what effects of every contract did while their process was killed. */
@Command(
    name = "effects",
    mixinStandardHelpOptions = true,
    description =
        "500 runs with one effect each and 20 SIGKILLs, for each contract: effects twice, lost and"
            + " in doubt, counted outside. SQLite, mode POWER_LOSS.")
final class EffectsCommand implements Callable<Integer> {
  private static final List<Contract> CONTRACTS =
      List.of(
          Contract.KEYED,
          Contract.TRANSACTIONAL,
          Contract.VERIFIED,
          Contract.IDEMPOTENT,
          Contract.ONCE);
  private static final EffectsCampaign FULL = new EffectsCampaign(500, 20);
  private static final EffectsCampaign QUICK = new EffectsCampaign(60, 1);

  private final Shell shell;

  @Option(names = "--quick", description = "60 runs and one kill")
  private boolean isQuick;

  private final Figures figures = new Figures();
  private boolean isBroken;

  EffectsCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    Machine.facts().forEach(shell::say);
    EffectsCampaign campaign = isQuick ? QUICK : FULL;
    figures.put("runs", campaign.runs()).put("kills", campaign.kills());
    try (Scratch scratch = Scratch.create()) {
      for (Contract contract : CONTRACTS) {
        String key = EffectsCampaign.key(contract);
        enter(contract, key, campaign.play(shell, contract, scratch.folder().resolve(key)));
      }
    }
    shell.out().println(figures.json());
    return isBroken ? Main.EXIT_LAW_BROKEN : 0;
  }

  private void enter(Contract contract, String key, EffectsCampaign.Seen seen) {
    figures.put("duplicates_" + key, seen.duplicates()).put("lost_" + key, seen.lost());
    tell(Target.atMost(key + ": effects twice", seen.duplicates(), 0));
    tell(Target.atMost(key + ": effects lost", seen.lost(), 0));
    if (contract == Contract.ONCE) {
      figures.put("in_doubt_once", seen.doubts()).put("doubts_expected", seen.expected());
      tell(Target.atMost(key + ": doubts that nobody was told", seen.untold(), 0));
      tell(Target.atMost(key + ": doubts without a reason", seen.doubts() - seen.expected(), 0));
    } else {
      tell(Target.atMost(key + ": doubts", seen.doubts(), 0));
    }
  }

  private void tell(Target target) {
    target.tell(shell);
    isBroken |= !target.isMet();
  }
}
