package io.millrace.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.encoder.config.OutputHead;
import io.millrace.encoder.tokens.TextInput;
import io.millrace.encoder.torchscript.GradMode;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.store.UnusableCheckpointException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Every key of a checkpoint's files that changes a value is honoured, with the values of transformers 5.18, or refused; the others
 * change none. {@code keys.tsv} holds a value for each key and the logits that transformers gives on a golden checkpoint with it;
 * docs/encoder.md lists the same keys.
 */
class CheckpointKeysTest {

    private static final TextInput PAIR =
            new TextInput("A dull PLOT and wooden caf\u00e9 \u4e2d\u6587", "ruin every scene");
    private static final Pattern LISTED = Pattern.compile("`([a-z_0-9]+)`");

    @TempDir
    private Path directory;

    /** One line of keys.tsv. */
    private record Key(
            String treatment,
            String family,
            String file,
            String key,
            String value,
            String besides,
            List<Float> logits) {

        static Key of(String line) {
            String[] fields = line.split("\t", -1);
            List<Float> logits = fields[6].isEmpty()
                    ? List.of()
                    : Arrays.stream(fields[6].split(" ", -1))
                            .map(Float::valueOf)
                            .toList();
            return new Key(fields[0], fields[1], fields[2], fields[3], fields[4], fields[5], logits);
        }

        @Override
        public String toString() {
            return treatment + " " + family + " " + file + " " + key + " = "
                    + value.substring(0, Math.min(60, value.length()));
        }
    }

    @ParameterizedTest
    @MethodSource("computed")
    void shouldComputeWhatTransformersDoes(Key key) throws IOException {
        // Given
        write(key);

        // When
        float[] logits = logits(directory);

        // Then
        assertThat(logits).containsExactly(new float[] {key.logits.get(0), key.logits.get(1)}, within(1.5e-4f));
    }

    @ParameterizedTest
    @MethodSource("written")
    void shouldWriteWhatComputesTheSame(Key key) throws IOException {
        // Given
        write(key);
        EncoderCheckpoint checkpoint = EncoderCheckpoint.read(directory);
        Path written = Files.createDirectory(directory.resolve("written"));

        // When
        OutputHead head = checkpoint.head().orElseThrow();
        float[] before;
        try (OpenModel model = new OpenModel(checkpoint, head, Precision.F32, checkpoint.maxTokens())) {
            before = logits(model);
            checkpoint.write(written, model.weights(), head, OpenModel.MAX_TOKENS);
        }

        // Then
        assertThat(logits(written)).containsExactly(before);
    }

    @ParameterizedTest
    @MethodSource("refused")
    void shouldRefuseWhatItWouldComputeOtherwise(Key key) throws IOException {
        // Given
        write(key);

        // When / Then
        if (key.key.equals("architectures")) {
            assertThat(EncoderCheckpoint.read(directory).head()).isEmpty();
        } else {
            assertThatThrownBy(() -> EncoderCheckpoint.read(directory))
                    .isInstanceOf(UnusableCheckpointException.class)
                    .hasMessageContaining(" must ");
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldListTheSameKeysInTheDocumentation(String file) throws IOException {
        // Given
        String text = Files.readString(Path.of("..", "docs", "encoder.md"));

        // When / Then
        for (String treatment : List.of("honoured", "refused", "ignored")) {
            assertThat(listed(text, file, treatment))
                    .as("%s keys of %s", treatment, file)
                    .isEqualTo(tried(file, treatment));
        }
    }

    @Test
    void shouldDocumentNoOtherTreatment() throws IOException {
        assertThat(keys().map(Key::treatment).distinct()).containsExactlyInAnyOrder("honoured", "refused", "ignored");
    }

    static Stream<String> files() {
        return Stream.of("config.json", "tokenizer_config.json", "tokenizer.json");
    }

    static Stream<Key> computed() throws IOException {
        return keys().filter(key -> !key.treatment.equals("refused"));
    }

    /** An ignored key of config.json is written as it was read, so the test before covers it. */
    static Stream<Key> written() throws IOException {
        return computed().filter(key -> key.treatment.equals("honoured") || !key.file.equals("config.json"));
    }

    static Stream<Key> refused() throws IOException {
        return keys().filter(key -> key.treatment.equals("refused"));
    }

    private static Stream<Key> keys() throws IOException {
        return Files.readAllLines(Goldens.resource("/cases/keys.tsv")).stream()
                .filter(line -> !line.startsWith("#"))
                .map(Key::of);
    }

    private static Set<String> tried(String file, String treatment) throws IOException {
        Set<String> names = new TreeSet<>();
        keys().filter(key -> key.file.equals(file) && key.treatment.equals(treatment))
                .forEach(key -> names.add(key.key));
        return names;
    }

    /** The names in a row of the table: | file | treatment | keys |. */
    private static Set<String> listed(String text, String file, String treatment) {
        Set<String> names = new TreeSet<>();
        String row = "| `" + file + "` | " + treatment + " |";
        text.lines().filter(line -> line.startsWith(row)).forEach(line -> {
            Matcher matcher = LISTED.matcher(line.substring(row.length()));
            while (matcher.find()) {
                names.add(matcher.group(1));
            }
        });
        return names;
    }

    private void write(Key key) throws IOException {
        String[] family = key.family.split("\\+", -1);
        if (family.length > 1) {
            Goldens.caseOf(family[1], family[0], directory);
        } else {
            Goldens.copy(key.family, directory);
        }
        if (!key.besides.equals("{}")) {
            Files.writeString(directory.resolve("tokenizer_config.json"), key.besides);
        }
        Path file = directory.resolve(key.file);
        ObjectNode content = Files.exists(file)
                ? (ObjectNode) Json.mapper().readTree(file.toFile())
                : Json.mapper().createObjectNode();
        content.set(key.key, Json.mapper().readTree(key.value));
        Files.writeString(file, content.toString());
    }

    private static float[] logits(Path checkpoint) {
        EncoderCheckpoint read = EncoderCheckpoint.read(checkpoint);
        OutputHead head = read.head().orElseThrow();
        try (OpenModel model = new OpenModel(read, head, Precision.F32, read.maxTokens())) {
            return logits(model);
        }
    }

    private static float[] logits(OpenModel model) {
        try (GradMode off = GradMode.off();
                NDManager scope = model.encoder().manager().newSubManager()) {
            return model.logits(scope, List.of(PAIR));
        }
    }
}
