package dev.holdfast.layers;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Who may know whom, judged by compiled classes. */
final class ClassRules {
  private static final String OURS = "dev.holdfast.";
  private static final String DOWNWARD =
      "Move the class down, or let the module above hand in what is needed below";

  private ClassRules() {}

  /** The classes of the modules, as the build has put them on the class path. */
  static JavaClasses ours() {
    return new ClassFileImporter()
        .withImportOption(new ImportOption.DoNotIncludeTests())
        .importPackages("dev.holdfast");
  }

  static List<Finding> direction(JavaClasses classes) {
    List<Finding> findings = new ArrayList<>();
    for (Module module : Module.values()) {
      ArchRule rule =
          classes()
              .that(areIn(Set.of(module)))
              .should()
              .onlyDependOnClassesThat(areForeignOrIn(module.reachable()));
      findings.addAll(
          evaluate(rule, module + " stands on what is below it only", classes, DOWNWARD));
    }
    return findings;
  }

  static List<Finding> cycles(JavaClasses classes) {
    ArchRule rule = slices().matching(OURS + "(*)..").should().beFreeOfCycles();
    return evaluate(rule, "modules do not depend on each other in a circle", classes, DOWNWARD);
  }

  /** The lowest modules must not force a library on anyone. */
  static List<Finding> libraries(JavaClasses classes) {
    List<Finding> findings = new ArrayList<>();
    for (Module module : List.of(Module.JOURNAL, Module.KERNEL)) {
      ArchRule rule =
          classes()
              .that(areIn(Set.of(module)))
              .should()
              .onlyDependOnClassesThat(
                  DescribedPredicate.describe(
                      "are of Java, JSpecify or Holdfast",
                      type ->
                          Stream.of("java.", "org.jspecify.", OURS)
                                  .anyMatch(type.getBaseComponentType().getName()::startsWith)
                              || type.getBaseComponentType().isPrimitive()));
      findings.addAll(evaluate(rule, module + " needs nothing but JSpecify", classes, DOWNWARD));
    }
    return findings;
  }

  /** What a program does without is loaded only by who asks for it by name. */
  static List<Finding> optionalLibraries(JavaClasses classes) {
    ArchRule rule =
        noClasses()
            .that(areIn(Module.LIBRARIES))
            .and()
            .haveNameNotMatching(".*\\.SpringTransaction(s)?(\\$.*)?")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework..")
            .orShould()
            .dependOnClassesThat()
            .haveNameMatching(".*\\.SpringTransaction(s)?(\\$.*)?");
    return evaluate(
        rule,
        "only SpringTransactions knows Spring",
        classes,
        "Let it implement an interface that the others know");
  }

  static List<Finding> evaluate(ArchRule rule, String law, JavaClasses classes, String remedy) {
    return rule.allowEmptyShould(true).evaluate(classes).getFailureReport().getDetails().stream()
        .map(detail -> new Finding(law, detail, remedy))
        .toList();
  }

  static DescribedPredicate<JavaClass> areIn(Set<Module> modules) {
    return DescribedPredicate.describe(
        "are in " + modules,
        type -> modules.stream().anyMatch(module -> isIn(type.getPackageName(), module)));
  }

  private static DescribedPredicate<JavaClass> areForeignOrIn(Set<Module> modules) {
    return DescribedPredicate.describe(
        "are in " + modules + " or not of Holdfast",
        type ->
            !type.getBaseComponentType().getName().startsWith(OURS)
                || areIn(modules).test(type.getBaseComponentType()));
  }

  private static boolean isIn(String packageName, Module module) {
    return (packageName + ".").startsWith(module.packageName() + ".");
  }
}
