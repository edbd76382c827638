package dev.holdfast.layers;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What library code must not reach for by itself. */
final class PurityRules {
  private static final Pattern TIME_AND_CHANCE =
      Pattern.compile(
          """
          java\\.time\\.[A-Za-z.]+\\.now\\(.*\
          |java\\.time\\.Clock\\.(system|tick).*\
          |java\\.lang\\.System\\.(currentTimeMillis|nanoTime)\\(.*\
          |java\\.util\\.UUID\\.randomUUID\\(.*\
          |java\\.lang\\.Math\\.random\\(.*\
          |java\\.lang\\.Thread\\.sleep\\(.*\
          |java\\.util\\.concurrent\\.TimeUnit\\.sleep\\(.*\
          |java\\.util\\.concurrent\\.ThreadLocalRandom\\..*\
          |java\\.util\\.random\\.RandomGenerator\\.(of|getDefault)\\(.*\
          |java\\.util\\.Random\\.<init>\\(.*\
          |java\\.util\\.SplittableRandom\\.<init>\\(\\)\
          |java\\.security\\.SecureRandom\\.(<init>|getInstance).*\
          """);
  private static final Pattern PRINTING =
      Pattern.compile("java\\.lang\\.System\\.(out|err)|.*\\.printStackTrace\\(.*");

  /** The two classes through which time and chance come in. */
  private static final Set<String> FRONT_DOORS =
      Set.of("dev.holdfast.kernel.spi.SystemClock", "dev.holdfast.kernel.SystemRandomness");

  private PurityRules() {}

  static List<Finding> timeAndChance(JavaClasses classes) {
    return ClassRules.evaluate(
        noClasses()
            .that(ClassRules.areIn(Set.of(Module.JOURNAL, Module.KERNEL)).and(areNoFrontDoor()))
            .should()
            .accessTargetWhere(matches(TIME_AND_CHANCE)),
        "time and chance come in through the front door",
        classes,
        "Take it from the clock or the randomness that is handed in, or a replay will differ");
  }

  static List<Finding> printing(JavaClasses classes) {
    return ClassRules.evaluate(
        noClasses()
            .that(ClassRules.areIn(Module.LIBRARIES))
            .should()
            .accessTargetWhere(matches(PRINTING)),
        "libraries do not print",
        classes,
        "Return it, throw it or log it: the streams belong to the user's program");
  }

  private static DescribedPredicate<JavaClass> areNoFrontDoor() {
    return DescribedPredicate.describe(
        "are no front door of time or chance", type -> !FRONT_DOORS.contains(type.getName()));
  }

  private static DescribedPredicate<JavaAccess<?>> matches(Pattern forbidden) {
    return DescribedPredicate.describe(
        "matches " + forbidden,
        access -> forbidden.matcher(access.getTarget().getFullName()).matches());
  }
}
