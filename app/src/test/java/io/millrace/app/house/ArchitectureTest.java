package io.millrace.app.house;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The arrows that docs/design.md draws between packages; those between modules are in the poms. */
class ArchitectureTest {

    private static final JavaClasses MILLRACE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("io.millrace");

    @ParameterizedTest
    @CsvSource({"schemas", "encoder", "ingest", "trainer", "evaluator", "compare", "app"})
    void shouldHaveNoCyclesBetweenTheRoomsOfAModule(String module) {
        slices().assignedFrom(roomsOf("io.millrace." + module))
                .should()
                .beFreeOfCycles()
                .check(MILLRACE);
    }

    @ParameterizedTest
    @CsvSource({
        "schemas, java.. | com.fasterxml.. | org.apache.kafka.. | org.jspecify..",
        "encoder.safetensors, java.. | ai.djl.. | com.fasterxml.. | org.jspecify.. | io.millrace.encoder.torchscript | io.millrace.schemas..",
        "trainer.objective, java.. | ai.djl.. | org.jspecify.. | io.millrace.trainer.config | io.millrace.encoder.. | io.millrace.schemas..",
        "compare.stats, java.. | org.apache.commons.statistics.. | org.jspecify.."
    })
    void shouldKnowNothingElse(String room, String allowed) {
        String[] packages = (allowed + " | io.millrace." + room + "..").split(" \\| ");
        classes()
                .that()
                .resideInAPackage("io.millrace." + room + "..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(packages))
                .check(MILLRACE);
    }

    @Test
    void shouldLearnWithoutKafka() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.millrace.trainer.learner..",
                        "io.millrace.trainer.objective..",
                        "io.millrace.trainer.replay..",
                        "io.millrace.trainer.pretrain..",
                        "io.millrace.encoder..",
                        "io.millrace.compare..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.kafka..", "io.millrace.schemas.kafka..")
                .check(MILLRACE);
    }

    @Test
    void shouldStartAKafkaServerInOneRoomOnly() {
        noClasses()
                .that(not(resideInAPackage("io.millrace.app.broker..")))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("kafka..", "org.apache.kafka.server..", "org.apache.kafka.metadata..")
                .check(MILLRACE);
    }

    @Test
    void shouldSayInEveryRoomWhereNullMayBe() {
        Set<String> unmarked = MILLRACE.stream()
                .map(JavaClass::getPackage)
                .filter(room -> !room.isAnnotatedWith(NullMarked.class))
                .map(room -> room.getName())
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(unmarked).isEmpty();
    }

    /** The first-level packages of a module; its root package is a room of its own. */
    private static SliceAssignment roomsOf(String root) {
        return new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass type) {
                String name = type.getPackageName();
                if (name.equals(root)) {
                    return SliceIdentifier.of("(root)");
                }
                return name.startsWith(root + ".")
                        ? SliceIdentifier.of(name.substring(root.length() + 1).replaceFirst("\\..*", ""))
                        : SliceIdentifier.ignore();
            }

            @Override
            public String getDescription() {
                return "the rooms of " + root;
            }
        };
    }
}
