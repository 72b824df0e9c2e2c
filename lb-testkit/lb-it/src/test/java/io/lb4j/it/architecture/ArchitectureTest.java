package io.lb4j.it.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The import rules of docs/architecture.md: data flows in one direction, each stage a noun that calls no other stage. */
final class ArchitectureTest {

    private static final String ROOT = "io.lb4j";
    private static final String INTERNAL = ROOT + ".internal";

    /** Which other internal packages each internal package may import. What is not here may not exist. */
    private static final Map<String, Set<String>> MAY_IMPORT = Map.ofEntries(
            Map.entry("loop", Set.of()),
            Map.entry("snapshot", Set.of("loop")),
            Map.entry("observe", Set.of("snapshot")),
            // Keys and certificates as octets: a leaf, which the public factories of certificates use too.
            Map.entry("x509", Set.of()),
            Map.entry("tls", Set.of("snapshot", "loop", "x509")),
            Map.entry("codec", Set.of("snapshot", "loop")),
            Map.entry("accept", Set.of("snapshot", "loop", "codec", "tls")),
            Map.entry("route", Set.of("snapshot", "loop")),
            Map.entry("filter", Set.of("snapshot", "loop")),
            Map.entry("balance", Set.of("snapshot", "loop")),
            Map.entry("upstream", Set.of("snapshot", "loop", "codec", "tls")),
            Map.entry("health", Set.of("snapshot", "loop", "upstream")),
            // The conductors alone name the stages.
            Map.entry("proxy", Set.of("snapshot", "loop", "route", "filter", "balance", "upstream")),
            Map.entry("stream", Set.of("snapshot", "loop", "route", "filter", "balance", "upstream")),
            Map.entry(
                    "control",
                    Set.of("snapshot", "loop", "tls", "route", "filter", "balance", "upstream", "health", "observe")));

    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    private static final JavaClasses CORE = ALL.that(describe("are of lb-core", ArchitectureTest::isOfCore));

    @Test
    void noPackagesImportEachOtherInACycle() {
        SlicesRuleDefinition.slices()
                .assignedFrom(new ByPackage())
                .should()
                .beFreeOfCycles()
                .check(ALL);
    }

    @Test
    void onlyTheCompositionRootKnowsTheCompositionRoot() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".*..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT)
                .check(CORE);
    }

    @Test
    void publicPackagesImportNoStage() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT, INTERNAL + "..")
                .should()
                .dependOnClassesThat(resideInAPackage(INTERNAL + "..")
                        // A leaf that reads and writes certificates, for the factories of the SPI.
                        .and(not(resideInAPackage(INTERNAL + ".x509"))))
                .check(CORE);
    }

    /** They run on a thread of the JDK that stays when the balancer has closed. */
    @Test
    void nobodyUsesTheTimersOfCompletableFuture() {
        Set<String> timers = Set.of("orTimeout", "completeOnTimeout", "delayedExecutor");
        noClasses()
                .should()
                .callMethodWhere(describe(
                        "they are timers of CompletableFuture",
                        call -> call.getTargetOwner().isEquivalentTo(CompletableFuture.class)
                                && timers.contains(call.getName())))
                .check(CORE);
    }

    /** It has as many threads as there are processors to spare, one at least, and whoever blocks one holds all others up. */
    @Test
    void nobodyUsesTheCommonPoolOfTheProcess() {
        noClasses()
                .should()
                .callMethodWhere(describe(
                        "they name no executor",
                        call -> call.getTargetOwner().isEquivalentTo(CompletableFuture.class)
                                && call.getName().endsWith("Async")
                                && call.getTarget().getRawParameterTypes().stream()
                                        .noneMatch(type -> type.isEquivalentTo(Executor.class))))
                .check(ALL);
    }

    @ParameterizedTest
    @MethodSource("internalPackages")
    void anInternalPackageImportsOnlyWhatTheDataFlowAllows(String name) {
        Set<String> allowed = MAY_IMPORT.getOrDefault(name, Set.of());
        Set<String> imported = new TreeSet<>();
        for (JavaClass type : CORE.that(resideInAPackage(INTERNAL + "." + name + ".."))) {
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                JavaClass target = dependency.getTargetClass().getBaseComponentType();
                if (isInternal(target) && !stageOf(target).equals(name) && !allowed.contains(stageOf(target))) {
                    imported.add(dependency.getDescription());
                }
            }
        }
        assertThat(imported)
                .as("imports of %s.%s beside %s", INTERNAL, name, allowed)
                .isEmpty();
    }

    @Test
    void everyInternalPackageHasItsPlaceInTheDataFlow() {
        assertThat(internalPackages()).isNotEmpty().isSubsetOf(MAY_IMPORT.keySet());
    }

    @Test
    void whatIsBuiltOnTheCoreUsesItsPublicPackagesOnly() {
        JavaClasses others = ALL.that(describe("are not of lb-core", (JavaClass type) -> !isOfCore(type)));
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage(INTERNAL + "..")
                .check(others);
    }

    @Test
    void namesSayWhatAThingIs() {
        classes()
                .should()
                .haveNameNotMatching(".*(Manager|Helper|Helpers|Util|Utils|Impl)")
                .check(ALL);
    }

    private static Set<String> internalPackages() {
        return CORE.stream()
                .filter(ArchitectureTest::isInternal)
                .map(ArchitectureTest::stageOf)
                .collect(toCollection(TreeSet::new));
    }

    private static boolean isInternal(JavaClass type) {
        return type.getPackageName().startsWith(INTERNAL + ".");
    }

    /** The first part below {@code internal}: a stage may have packages of its own. */
    private static String stageOf(JavaClass internal) {
        return internal.getPackageName().substring(INTERNAL.length() + 1).split("\\.", 2)[0];
    }

    private static boolean isOfCore(JavaClass type) {
        return type.getSource()
                .map(source -> source.getUri().toString().contains("/lb-core/target/"))
                .orElse(false);
    }

    /** One slice per package, the root package included. */
    private static final class ByPackage implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return Optional.of(type.getPackageName())
                    .filter(name -> name.equals(ROOT) || name.startsWith(ROOT + "."))
                    .map(SliceIdentifier::of)
                    .orElseGet(SliceIdentifier::ignore);
        }

        @Override
        public String getDescription() {
            return "packages";
        }
    }
}
