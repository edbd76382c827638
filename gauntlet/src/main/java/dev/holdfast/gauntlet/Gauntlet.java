package dev.holdfast.gauntlet;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test of a scenario under every fault at every place, one test for each schedule.
 *
 * <p>The method may take the scenario's world, after a schedule was played on it, and the {@link
 * Schedule}. A failure names its schedule, which {@link Explorer#play} plays again.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(GauntletExtension.class)
public @interface Gauntlet {
  /** What is put through it: a class with a constructor without parameters. */
  Class<? extends Scenario<?>> scenario();

  /** What can go wrong. */
  Faults[] faults() default Faults.ALL;

  /** How many combinations are drawn besides, 0 to 1,000,000. */
  int combinations() default 100;

  /** What they are drawn from. */
  long seed() default 1;
}
