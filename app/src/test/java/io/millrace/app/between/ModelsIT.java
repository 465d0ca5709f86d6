package io.millrace.app.between;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.app.MillraceMain;
import io.millrace.app.broker.EmbeddedBroker;
import io.millrace.encoder.Compute;
import io.millrace.encoder.EncoderCheckpoint;
import io.millrace.encoder.Precision;
import io.millrace.encoder.TextEncoder;
import io.millrace.encoder.Weights;
import io.millrace.encoder.config.OutputHead;
import io.millrace.schemas.CheckpointEvaluation;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.ProbeScore;
import io.millrace.schemas.ProbeSetReference;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topics;
import io.millrace.schemas.store.Sha256;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The commands {@code models compare} and {@code models history}, with two models that nobody has trained. */
class ModelsIT {

    private static final Path ENCODER =
            Path.of(System.getProperty("millrace.root"), "encoder/src/test/resources/goldens/bert");
    private static final int PROBES = 20;

    @TempDir
    private static Path folder;

    private static EmbeddedBroker broker;
    private static Path config;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void start() throws Exception {
        broker = EmbeddedBroker.start(folder.resolve("broker"), 0);
        try (Admin admin = Admin.create(broker.connection().clientProperties())) {
            Topics.createMissing(broker.connection(), admin);
        }
        config = Files.writeString(
                folder.resolve("millrace.yaml"),
                """
                kafka:
                  bootstrapServers: %s
                store: store
                tasks:
                  intent:
                    kind: single
                    labels: ["no", "yes"]
                    training: {encoder: %s}
                    evaluation: {compute: {device: cpu, precision: f32}}
                """
                        .formatted(broker.connection().bootstrapServers(), ENCODER));
        write("intent/models/checkpoint-000100", 1);
        write("intent/checkpoint-000200", 2);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @BeforeEach
    void loadProbes() throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < PROBES; i++) {
            lines.add("{\"id\": \"%02d\", \"text\": \"%s\", \"label\": \"%s\"}"
                    .formatted(i, "so long ".repeat(1 + i % 5), i % 2 == 0 ? "no" : "yes"));
        }
        Path probes = Files.write(folder.resolve("known.jsonl"), lines);
        assertThat(run(
                        "probes",
                        "load",
                        probes.toString(),
                        "--task",
                        "intent",
                        "--set",
                        "known",
                        "--distribution",
                        "in",
                        "--config",
                        config.toString()))
                .as(err.toString())
                .isZero();
        out.getBuffer().setLength(0);
    }

    @Test
    void shouldShowWhatChangedBetweenTwoModelsAndLayerByLayer() {
        // When
        int exitCode = run(
                "models",
                "compare",
                "checkpoint-000100",
                "checkpoint-000200",
                "--task",
                "intent",
                "--layers",
                "--config",
                config.toString());

        // Then
        assertThat(exitCode).as(err.toString()).isZero();
        List<String> lines = out.toString().lines().toList();
        assertThat(lines.get(0)).startsWith("probe set  examples  first  second  agreement  churn");
        assertThat(lines.get(1)).matches("known +20 .*\\[[-+.\\d]+, [-+.\\d]+].*");
        assertThat(lines).contains("").anyMatch(line -> line.startsWith("embeddings ") && line.endsWith(" 1.000"));
    }

    @Test
    void shouldSayWhereAModelWasLookedFor() {
        // When
        int exitCode = run(
                "models", "compare", "checkpoint-000100", "gone", "--task", "intent", "--config", config.toString());

        // Then
        assertThat(exitCode).isEqualTo(1);
        assertThat(err.toString())
                .contains("no model \"gone\"")
                .contains(folder.resolve("store/intent/models/gone").toString())
                .contains("checkpoints list");
    }

    @Test
    void shouldShowTheHistoryOfTheTask() {
        // Given
        KafkaConnection kafka = broker.connection();
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(kafka.clientProperties(), new StringSerializer(), new StringSerializer())) {
            List.of(Json.write(evaluation(1, 1)), Json.write(evaluation(2, 0.5)), "{}")
                    .forEach(value -> {
                        var unused = producer.send(new ProducerRecord<>("evaluations", 0, "intent", value));
                    });
            var unused = producer.send(new ProducerRecord<>("evaluations", 0, "other", Json.write(evaluation(3, 0))));
        }

        // When
        int exitCode = run("models", "history", "--task", "intent", "--config", config.toString());

        // Then
        assertThat(exitCode).as(err.toString()).isZero();
        assertThat(out.toString().lines())
                .hasSize(2)
                .last()
                .asString()
                .matches("known +in +20 +2 +1.000 +1.000 +0.500 +0.500 +-0.500 +- +-");
    }

    @Test
    void shouldSayThatATaskHasNoHistory() {
        // When
        int exitCode = run("models", "history", "--task", "nobody", "--config", config.toString());

        // Then
        assertThat(exitCode).isZero();
        assertThat(out.toString().strip()).isEqualTo("no checkpoint of task nobody has been evaluated on a probe set");
    }

    private static CheckpointEvaluation evaluation(int step, double accuracy) {
        return new CheckpointEvaluation(
                new CheckpointReference("intent", "checkpoint-" + step, step, "intent/checkpoint-" + step, "sha"),
                List.of(new ProbeScore(
                        new ProbeSetReference("known", Sha256.of("known"), Distribution.IN_DISTRIBUTION, PROBES),
                        accuracy,
                        0,
                        0,
                        0)));
    }

    private static void write(String location, int seed) throws IOException {
        Path directory = Files.createDirectories(folder.resolve("store").resolve(location));
        OutputHead head = OutputHead.classes(List.of("no", "yes"));
        EncoderCheckpoint checkpoint = EncoderCheckpoint.read(ENCODER);
        try (TextEncoder encoder = TextEncoder.open(checkpoint, new Compute("cpu", Precision.F32));
                Weights weights = checkpoint.loadWeights(encoder.manager(), head, new Random(seed))) {
            checkpoint.write(directory, weights, head, 16);
        }
    }

    private int run(String... arguments) {
        return MillraceMain.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }
}
