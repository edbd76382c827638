package dev.holdfast.journal;

/**
 * A business fact that happens at most once within its scope, whoever asks for it.
 *
 * @param scope where the fact is unique
 * @param name the fact's name and arguments in canonical form, such as {@code refund["17"]}
 * @param generation how often the fact was set free by a refusal before
 */
public record Intent(Scope scope, String name, int generation) {
  /** Where an intent is unique. */
  public enum Scope {
    /** Within one run. */
    RUN,
    /** Within one store, whatever run asks. */
    GLOBAL
  }
}
