package io.millrace.app.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.app.MillraceMain;
import io.millrace.app.broker.EmbeddedBroker;
import io.millrace.app.config.DataDirectory;
import io.millrace.app.config.MillraceConfig;
import io.millrace.app.contract.Topicwise;
import io.millrace.app.metrics.ProcessMetrics;
import io.millrace.schemas.AcceptedExample;
import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topic;
import io.millrace.schemas.kafka.Topics;
import io.millrace.trainer.lineage.LineageCheck;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Two installations with different tasks on one broker: neither sees the other, because one has a prefix. */
class TwoInstallationsIT {

    private static final Duration LONG_ENOUGH = Duration.ofMinutes(3);
    private static final String PREFIX = "second_1.";
    private static final int EXAMPLES = 8;
    private static final List<String> GROUPS = List.of("millrace-ingest", "millrace-trainer", "millrace-evaluator");

    @TempDir
    private Path folder;

    /** An installation that runs. */
    private record Installation(MillraceConfig config, String task, ProcessMetrics metrics, LocalServices services)
            implements AutoCloseable {

        static Installation start(KafkaConnection kafka, Path folder, String task) throws IOException {
            MillraceConfig config = written(folder, task)
                    .withDirectories(new DataDirectory(folder))
                    .withKafka(kafka);
            ProcessMetrics metrics = new ProcessMetrics("local");
            return new Installation(config, task, metrics, LocalServices.start(config, metrics.registry()));
        }

        <V> List<V> values(Topic<V> topic) {
            return Topicwise.values(config.kafka(), topic);
        }

        @Override
        public void close() {
            services.close();
            metrics.close();
        }
    }

    @Test
    void shouldShareABrokerWithoutSeeingEachOther() throws Exception {
        // Given
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"), 0);
                Installation first = Installation.start(broker.connection(), folder.resolve("first"), "mood");
                Installation second = Installation.start(
                        broker.connection().withPrefix(PREFIX), folder.resolve("second"), "weather")) {

            // When
            String toFirst = send(first);
            String toSecond = send(second, "--prefix", PREFIX);
            for (Installation one : List.of(first, second)) {
                one.services().drain();
                await().atMost(LONG_ENOUGH)
                        .until(() -> one.values(Topics.MODEL_UPDATES).size() == 1);
            }

            // Then
            assertThat(List.of(toFirst, toSecond))
                    .allSatisfy(said -> assertThat(said).contains("ingest: 8 accepted, 0 rejected, 0 duplicates"));
            assertIsWhole(first, "examples");
            assertIsWhole(second, PREFIX + "examples");
            assertThat(topics(broker)).containsExactlyInAnyOrderElementsOf(expectedTopics());
            assertThat(groups(broker)).containsExactlyInAnyOrderElementsOf(withPrefixToo(GROUPS));
            assertThat(folder.resolve("second").resolve("streams").resolve(PREFIX + "millrace-ingest"))
                    .isDirectory();
        }
    }

    private static void assertIsWhole(Installation one, String examples) throws IOException {
        assertThat(one.services().alive()).isTrue();
        assertThat(one.values(Topics.REJECTED_EXAMPLES)).isEmpty();
        assertThat(one.values(Topics.ACCEPTED_EXAMPLES))
                .hasSize(EXAMPLES)
                .extracting(AcceptedExample::origin)
                .allSatisfy(origin -> assertThat(origin.topic()).isEqualTo(examples));
        assertThat(one.values(Topics.CHECKPOINTS))
                .extracting(CheckpointAnnouncement::examples)
                .containsExactly((long) EXAMPLES);
        assertThat(one.values(Topics.MODEL_UPDATES))
                .allSatisfy(
                        update -> assertThat(update.model().checkpoint().task()).isEqualTo(one.task()));
        assertThat(LineageCheck.of(one.config().kafka(), one.config().store(), one.task())
                        .faults())
                .isEmpty();
    }

    /** Loads a probe set and sends examples as a user does, without a configuration. */
    private String send(Installation to, String... options) throws IOException {
        Path file = folder.resolve(to.task() + ".jsonl");
        Files.write(
                file,
                IntStream.range(0, EXAMPLES)
                        .mapToObj(number -> Json.write(example(to.task(), number)))
                        .toList());
        List<String> broker = new ArrayList<>(List.of(
                "--task", to.task(), "--bootstrap-server", to.config().kafka().bootstrapServers()));
        broker.addAll(List.of(options));
        Path probes = Files.write(
                folder.resolve(to.task() + "-probes.jsonl"), List.of(Json.write(example("probe", EXAMPLES))));
        run(Stream.concat(
                Stream.of("probes", "load", probes.toString(), "--set", "known", "--distribution", "in"),
                broker.stream()));
        return run(Stream.concat(Stream.of("produce", file.toString(), "--wait", "120"), broker.stream()));
    }

    private static String run(Stream<String> arguments) {
        StringWriter out = new StringWriter();
        int exitCode = MillraceMain.run(
                new PrintWriter(out, true), new PrintWriter(out, true), arguments.toArray(String[]::new));
        assertThat(exitCode).as(out.toString()).isZero();
        return out.toString();
    }

    private static LabelledExample example(String text, int number) {
        return new LabelledExample(
                Integer.toString(number),
                text + " " + number,
                null,
                number % 2 == 0 ? "bad" : "good",
                null,
                null,
                null);
    }

    private static MillraceConfig written(Path folder, String task) throws IOException {
        Path encoder = Path.of(System.getProperty("millrace.root"), "encoder/src/test/resources/goldens/bert");
        Files.createDirectories(folder);
        return MillraceConfig.read(Files.writeString(
                folder.resolve("millrace.yaml"),
                "tasks: {" + task + ": {labels: [bad, good], training: {encoder: " + encoder
                        + ", compute: {device: cpu}}, evaluation: {compute: {device: cpu}}}}"));
    }

    private static List<String> expectedTopics() {
        Stream<String> internal =
                Stream.of("millrace-ingest-examples-by-task-repartition", "millrace-ingest-seen-examples-changelog");
        return withPrefixToo(
                Stream.concat(Topics.ALL.stream().map(Topic::name), internal).toList());
    }

    private static List<String> withPrefixToo(List<String> names) {
        return Stream.concat(names.stream(), names.stream().map(name -> PREFIX + name))
                .toList();
    }

    private static Set<String> topics(EmbeddedBroker broker) throws Exception {
        try (Admin admin = Admin.create(broker.connection().clientProperties())) {
            return admin.listTopics().names().get();
        }
    }

    private static List<String> groups(EmbeddedBroker broker) throws Exception {
        try (Admin admin = Admin.create(broker.connection().clientProperties())) {
            return admin.listGroups().all().get().stream()
                    .map(GroupListing::groupId)
                    .toList();
        }
    }
}
