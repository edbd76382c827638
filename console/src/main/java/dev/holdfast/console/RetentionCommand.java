package dev.holdfast.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.store.Retention;
import java.util.List;

/** A command that changes what a store keeps of runs that have ended. */
abstract class RetentionCommand extends StoreCommand {
  RetentionCommand(Shell shell) {
    super(shell);
  }

  @Override
  final Integer perform() {
    try (Retention retention = existingStore().retention()) {
      Done done = act(retention);
      if (isJson()) {
        print(done.json());
      } else {
        print(List.of(done.text()));
      }
      return 0;
    } catch (IllegalStateException refused) {
      throw new Complaint(String.valueOf(refused.getMessage()));
    }
  }

  /** What was done, for people and for machines. */
  record Done(String text, ObjectNode json) {}

  abstract Done act(Retention retention);
}
