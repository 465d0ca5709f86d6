package io.millrace.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.encoder.Precision;
import io.millrace.schemas.NamedPipe;
import io.millrace.schemas.TaskKind;
import io.millrace.schemas.config.ConfigException;
import io.millrace.schemas.config.ConfigFile;
import io.millrace.trainer.config.Method;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

class ConfigFileTest {

    private static final String MINIMAL = "tasks: {intent: {labels: [yes, no], training: {encoder: encoder}}}";

    @TempDir
    private Path folder;

    @Test
    void shouldReadEveryKindOfValue() throws IOException {
        // Given
        Path file = write(
                """
                kafka:
                  bootstrapServers: broker-1:9092,broker-2:9092
                  properties: {security.protocol: SSL}
                store: /srv/store
                metrics: {host: 0.0.0.0, port: 0}
                ingest: {stateDir: state, deduplicationWindow: PT1H, maxRecordBytes: 4096}
                tasks:
                  entailment:
                    kind: pair
                    labels: [entailment, neutral, contradiction]
                    maxTextChars: 300
                    training:
                      encoder: ../models/bert
                      seed: 7
                      compute: {device: "cuda:1", precision: f32}
                      objective: {method: mask-tuning+smart, maskTuning: {alpha: 0.5}}
                      optimizer: {learningRate: 6e-4}
                      batching: {idleAfter: PT1M}
                    evaluation:
                      margins: {typos: 0.05}
                """);

        // When
        MillraceConfig config = MillraceConfig.read(file);

        // Then
        assertThat(config.kafka().bootstrapServers()).isEqualTo("broker-1:9092,broker-2:9092");
        assertThat(config.kafka().properties()).containsEntry("security.protocol", "SSL");
        assertThat(config.store()).isEqualTo(Path.of("/srv/store"));
        assertThat(config.metrics()).isEqualTo(new MetricsConfig("0.0.0.0", 0, null));
        assertThat(config.ingest().deduplicationWindow()).isEqualTo(Duration.ofHours(1));
        TaskConfig task = config.tasks().get("entailment");
        assertThat(task.kind()).isEqualTo(TaskKind.PAIR);
        assertThat(task.labels()).containsExactly("entailment", "neutral", "contradiction");
        assertThat(task.training().compute().precision()).isEqualTo(Precision.F32);
        assertThat(task.training().objective().method()).isEqualTo(Method.MASK_TUNING_SMART);
        assertThat(task.training().objective().maskTuning().alpha()).isEqualTo(0.5);
        assertThat(task.training().optimizer().learningRate()).isEqualTo(6e-4);
        assertThat(task.evaluation().margins()).containsEntry("typos", 0.05);
    }

    @Test
    void shouldTakeRelativePathsFromTheFolderOfTheFile() throws IOException {
        // Given
        Path file = write("store: ../store\n" + MINIMAL);

        // When
        MillraceConfig config = MillraceConfig.read(file);

        // Then
        assertThat(config.store()).isEqualTo(folder.resolveSibling("store"));
        assertThat(config.ingest().stateDir()).isEqualTo(folder.resolve("millrace-data/streams"));
        assertThat(config.tasks().get("intent").training().encoder()).isEqualTo(folder.resolve("encoder"));
    }

    @Test
    void shouldTakeYesAndNoAsTexts() throws IOException {
        // Given
        Path file = write(MINIMAL);

        // When
        MillraceConfig config = MillraceConfig.read(file);

        // Then
        assertThat(config.tasks().get("intent").labels()).containsExactly("yes", "no");
    }

    @Test
    void shouldGiveEachServiceItsPartOfATask() throws IOException {
        // Given
        Path file = write(MINIMAL);

        // When
        MillraceConfig config = MillraceConfig.read(file);

        // Then
        assertThat(config.ingestedTasks()).extracting("name").containsExactly("intent");
        assertThat(config.trainedTasks()).extracting("task").isEqualTo(config.ingestedTasks());
        assertThat(config.evaluatedTasks()).extracting("task").isEqualTo(config.ingestedTasks());
    }

    @Test
    void shouldKeepEverythingInADataDirectory() throws IOException {
        // Given
        MillraceConfig config = MillraceConfig.read(write(MINIMAL));
        DataDirectory data = new DataDirectory(folder.resolve("data"));

        // When
        MillraceConfig moved = config.withDirectories(data);

        // Then
        assertThat(moved.store()).isEqualTo(folder.resolve("data/store"));
        assertThat(moved.ingest().stateDir()).isEqualTo(folder.resolve("data/streams"));
    }

    @Test
    void shouldNameAnUnknownKeyItsPathAndTheKnownOnes() throws IOException {
        // Given
        Path file = write("tasks: {intent: {labels: [a], training: {encoder: e, batching: {size: 3}}}}");

        // When
        var thrown = assertThatThrownBy(() -> MillraceConfig.read(file));

        // Then
        thrown.isInstanceOf(ConfigException.class)
                .hasMessage(file + ": unknown key tasks.intent.training.batching.size."
                        + " Known keys there: batchSize, idleAfter, maxTokens, shards, unlabelledShare.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    batching: {batchSize: many}        | .batching.batchSize must be a whole number, got "many"
                    batching: {batchSize: 1.5}         | .batching.batchSize must be a whole number, got 1.5
                    batching: {batchSize: 0}           | .batching.batchSize must be at least 1, got 0
                    batching: {batchSize: ''}          | .batching.batchSize must be a whole number, got ""
                    batching: {batchSize: [1]}         | .batching.batchSize must be a whole number, got [1]
                    batching: {idleAfter: 30}          | .batching.idleAfter must be an ISO-8601 duration, as PT30S, got 30
                    batching: {idleAfter: soon}        | .batching.idleAfter must be an ISO-8601 duration, as PT30S, got "soon"
                    batching: 7                        | .batching must be a mapping of keys, got 7
                    optimizer: {learningRate: fast}    | .optimizer.learningRate must be a number, got "fast"
                    optimizer: {learningRate: -1}      | .optimizer.learningRate must be in (0, 1], got -1.0
                    compute: {precision: f64}          | .compute.precision must be one of f32, bf16, got "f64"
                    compute: {device: tpu}             | .compute.device must be auto, cpu or cuda:N, got "tpu"
                    seed: true                         | .seed must be a whole number, got true
                    """)
    void shouldSayWhatAValueMustBeAndWhatItIs(String wrong, String message) throws IOException {
        // Given
        Path file = write("tasks: {intent: {labels: [a], training: {encoder: e, " + wrong + "}}}");

        // When
        var thrown = assertThatThrownBy(() -> MillraceConfig.read(file));

        // Then
        thrown.isInstanceOf(ConfigException.class).hasMessage(file + ": tasks.intent.training" + message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    store: [1]                                       | store must be a path, got [1]
                    metrics: {port: 70000}                           | metrics.port must be in [0, 65535], got 70000
                    ingest: {deduplicationWindow: PT0S}              | ingest.deduplicationWindow must be a positive duration, got PT0S
                    tasks: {}                                        | tasks must name at least one task, got none
                    tasks: {intent: }                                | tasks.intent must be a mapping of keys, got nothing
                    tasks: {intent: {labels: [a]}}                   | tasks.intent.training must hold at least the key encoder, got nothing
                    tasks: {intent: {training: {encoder: e}}}        | tasks.intent.labels must name at least two labels, because a model over one label learns nothing, got []. Name every label, or set newLabels to grow.
                    tasks: {intent: {labels: a}}                     | tasks.intent.labels must be a list, got "a"
                    tasks: {intent: {kind: triple}}                  | tasks.intent.kind must be one of single, pair, regression, pair-regression, got "triple"
                    tasks: {stars: {kind: regression, training: {encoder: e, replay: {sample: per-class}}}} | tasks.stars.training.replay.sample must be uniform for a regression, which has no classes, got per-class
                    tasks: {intent: {training: {seed: 1}}}           | tasks.intent.training.encoder must be the directory of a Hugging Face checkpoint, got nothing
                    tasks: {intent: {evaluation: {margin: 2}}}       | tasks.intent.evaluation.margin must be in [0, 1], got 2.0
                    """)
    void shouldNameTheWholeKey(String text, String message) throws IOException {
        // Given
        Path file = write(text);

        // When
        var thrown = assertThatThrownBy(() -> MillraceConfig.read(file));

        // Then
        thrown.isInstanceOf(ConfigException.class).hasMessage(file + ": " + message);
    }

    @Test
    void shouldNameTheMethodsWhenOneIsUnknown() throws IOException {
        // Given
        Path file = write("tasks: {intent: {labels: [a], training: {encoder: e, objective: {method: smarter}}}}");

        // When
        var thrown = assertThatThrownBy(() -> MillraceConfig.read(file));

        // Then
        thrown.hasMessage(file + ": tasks.intent.training.objective.method must be one of plain, masked-tokens,"
                + " mask-tuning, smart, masked-tokens+smart, mask-tuning+smart, got \"smarter\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    'a: [1'                | line 1 is not YAML: a list that begins with [ has no comma or ] where one must be
                    'a: {b: 1'             | is not YAML: a mapping that begins with { has no comma or } where one must be
                    'a: b: c'              | line 1 is not YAML: there is a colon where no key is. Put a text with a colon into quotes
                    'a:\n\tb: 1'         | is not YAML: a line is indented with a tab. Indent with spaces
                    'a: "b'                | is not YAML: a text in quotes does not end, or holds a
                    'a: @b'                | is not YAML: a value begins with a character that YAML keeps for itself
                    'store: a\nstore: b'   | line 2 is not YAML: the key store is there twice
                    'a: &x b\nstore: *x'   | line 2 has a YAML alias, which this file cannot have. Write the value out
                    '- one'                | the file must be a mapping of keys, got a list
                    ''                     | the file must be a mapping of keys, got nothing
                    """)
    void shouldRefuseWhatIsNoMapping(String text, String message) throws IOException {
        // Given
        Path file = write(text.replace("\\n", "\n").replace("\\t", "\t"));

        // When
        var thrown = assertThatThrownBy(() -> MillraceConfig.read(file));

        // Then
        thrown.isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(message)
                .hasMessageNotContaining("\n");
    }

    @Test
    void shouldReadAPipeOnceAndTakeItsPathsFromTheWorkingDirectory() throws Exception {
        // Given
        Path pipe = NamedPipe.holding(folder.resolve("pipe"), MINIMAL);

        // When
        MillraceConfig config = MillraceConfig.read(pipe);

        // Then
        assertThat(config.store()).isEqualTo(Path.of("millrace-data", "store").toAbsolutePath());
        assertThat(ConfigFile.folderOf(Path.of("/dev/stdin")))
                .isEqualTo(Path.of("").toAbsolutePath());
    }

    @Test
    void shouldPassOverAByteOrderMark() throws IOException {
        assertThat(MillraceConfig.read(write("\uFEFF" + MINIMAL)).tasks()).containsOnlyKeys("intent");
    }

    @Test
    void shouldSayThatADirectoryIsNoFile() {
        assertThatThrownBy(() -> MillraceConfig.read(folder))
                .isInstanceOf(ConfigException.class)
                .hasMessage(folder + ": this is a directory. Give the configuration file with --config.");
    }

    @Test
    void shouldSayThatThereIsNoFile() {
        // Given
        Path file = folder.resolve("nowhere.yaml");

        // When
        var thrown = assertThatThrownBy(() -> MillraceConfig.read(file));

        // Then
        thrown.isInstanceOf(ConfigException.class)
                .hasMessage(file + ": there is no such file. Give the configuration file with --config.");
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("millrace.yaml"), text);
    }
}
