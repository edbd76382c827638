package dev.holdfast.examples;

import dev.holdfast.kernel.Admission;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.store.Encryption;
import dev.holdfast.store.Holdfast;
import dev.holdfast.store.Options;
import dev.holdfast.store.Retention;
import java.nio.file.Path;

/** Keeps data under keys, and erases a person's. */
final class HelloData {
  private HelloData() {}

  // snippet: encrypted
  static Holdfast encrypted(Path file, Path keys) {
    return Holdfast.open(file, Options.standard().encryption(Encryption.ofFile(keys)));
  }

  // end: encrypted

  // snippet: erased
  static void erased(Holdfast holdfast, Workflow<String, String> workflow, Path file) {
    holdfast.start(workflow, "order-17", "Greta's order", Admission.ofSubject("customer-17"));
    try (Retention retention = Holdfast.retention(file)) {
      retention.eraseSubject("customer-17", "anna", "asked us to");
    }
  }
  // end: erased
}
