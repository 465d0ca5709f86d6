package io.millrace.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.json.Json;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The classes of today against the golden records of every version, as the folders have them: a new version adds a folder
 * and no line here.
 */
class SchemaEvolutionTest {

    private static final SchemaFiles FILES = new SchemaFiles();

    /** What users write is judged by ingest, which says what is missing. */
    private static final Set<Class<?>> OF_USERS =
            Set.of(LabelledExample.class, UnlabelledText.class, ProbeExample.class);

    static List<Golden> goldens() {
        return Golden.all();
    }

    static Stream<Golden> goldensOfMillrace() {
        return Golden.all().stream().filter(golden -> !OF_USERS.contains(golden.type()));
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void shouldReadWhatEveryVersionWroteAndLoseNothing(Golden golden) {
        // When
        String written = Json.write(golden.read(golden.bytes()));

        // Then
        assertThat(written).isEqualTo(new String(golden.bytes(), StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void shouldStillAllowWhatEveryVersionWrote(Golden golden) {
        // When
        List<String> faults = FILES.faults(golden.name(), new String(golden.bytes(), StandardCharsets.UTF_8));

        // Then
        assertThat(faults).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void shouldIgnoreWhatALaterVersionAddsAnywhere(Golden golden) throws IOException {
        // Given
        ObjectNode later = tree(golden);
        forEachObject(later, FILES.file(golden.name()), (object, schema) -> object.putObject("addedLater")
                .putArray("deep")
                .add(1));

        // When
        Record read = golden.read(bytes(later));

        // Then
        assertThat(read).isEqualTo(golden.read(golden.bytes()));
        assertThat(FILES.faults(golden.name(), later.toString())).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("goldensOfMillrace")
    void shouldNameWhatIsRequiredAndMissingAnywhere(Golden golden) throws IOException {
        ObjectNode whole = tree(golden);
        forEachObject(whole, FILES.file(golden.name()), (object, schema) -> {
            for (String required : schema.required()) {
                // Given
                JsonNode value = object.remove(required);
                byte[] incomplete = bytes(whole);

                // When / Then
                assertThatExceptionOfType(SerializationException.class)
                        .as("%s without %s", schema.node().get("description"), required)
                        .isThrownBy(() -> golden.read(incomplete))
                        .withMessageStartingWith("record on topic a-topic is not a ")
                        .withMessageContaining(required);
                object.set(required, value);
            }
        });
    }

    @Test
    void shouldHaveAFolderForEveryVersionAndEveryRecordInTheFirst() {
        // When
        Set<Integer> versions = Golden.all().stream().map(Golden::version).collect(Collectors.toSet());
        Stream<String> first = Golden.all().stream()
                .filter(golden -> golden.version() == 1)
                .map(golden -> golden.name() + "/" + golden.file().getFileName());

        // Then
        assertThat(versions)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, versions.size()).boxed().toList());
        assertThat(first)
                .containsExactlyInAnyOrderElementsOf(SchemaFiles.names().stream()
                        .filter(name -> !name.equals("definitions"))
                        .flatMap(name -> Stream.of(name + "/full.json", name + "/minimal.json"))
                        .toList());
    }

    /** Every object that a schema gives properties; the keys of a map are data, and nothing can be added to them. */
    private static void forEachObject(JsonNode value, SchemaNode schema, BiConsumer<ObjectNode, SchemaNode> action) {
        if (value instanceof ObjectNode object && !schema.propertyNames().isEmpty()) {
            for (String name : schema.propertyNames()) {
                if (object.has(name)) {
                    forEachObject(object.get(name), schema.property(name), action);
                }
            }
            action.accept(object, schema);
        } else if (value.isObject()) {
            value.forEach(entry -> forEachObject(entry, schema.mapValues(), action));
        } else if (value.isArray()) {
            value.forEach(item -> forEachObject(item, schema.items(), action));
        }
    }

    private static ObjectNode tree(Golden golden) throws IOException {
        return (ObjectNode) Json.mapper().readTree(golden.bytes());
    }

    private static byte[] bytes(JsonNode json) {
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }
}
