package io.millrace.app.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.app.contract.Topicwise;
import io.millrace.app.produce.ExampleProducer;
import io.millrace.app.produce.ProbeFile;
import io.millrace.app.produce.ProbeTopic;
import io.millrace.app.service.LocalServices;
import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.CheckpointEvaluation;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.ProbeExample;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.TopicReader;
import io.millrace.schemas.kafka.Topics;
import io.millrace.schemas.store.CheckpointManifest;
import io.millrace.schemas.store.CheckpointManifest.FileHash;
import io.millrace.trainer.drift.DriftFile;
import io.millrace.trainer.lineage.LineageCheck;
import org.apache.kafka.clients.admin.Admin;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** One task for every method, all with replay, on a tiny encoder; and as many examples of each as anyone asks for. */
final class ChaosStream {

    /** The tasks, each named after its method. */
    static final List<String> TASKS = List.of("plain", "mask-tuning", "smart", "self-evolution");

    static final int BATCH_SIZE = 8;
    static final int STEPS_A_CHECKPOINT = 5;

    /** Longer than any test: a trainer that keeps its tasks checkpoints every {@link #STEPS_A_CHECKPOINT} steps exactly. */
    static final Duration BY_STEPS_ALONE = Duration.ofHours(1);

    /** A trainer that gives a task away checkpoints between the steps that count. What is then left waits no longer than this. */
    static final Duration BY_TIME_TOO = Duration.ofSeconds(2);

    /** The shortest that a broker allows unless told otherwise: what the dead held is given away after it. */
    private static final int SESSION_TIMEOUT_MS = 6_000;

    private static final Duration PATIENCE = Duration.ofMinutes(4);

    /** Far behind every example that is sent, so that none of those is a probe. */
    private static final long FIRST_PROBE = 1_000_000;

    private static final int PROBES = 12;
    private static final List<String> WORDS = List.of("dull", "warm", "slow", "quiet triumph", "broken", "bright");

    private ChaosStream() {}

    /**
     * Writes the configuration of a run.
     *
     * @param checkpointEvery {@link #BY_STEPS_ALONE} or {@link #BY_TIME_TOO}
     */
    static Path config(Path folder, KafkaConnection kafka, Duration checkpointEvery) throws IOException {
        Path encoder = Path.of(System.getProperty("millrace.root"), "encoder/src/test/resources/goldens/bert")
                .toAbsolutePath();
        StringBuilder yaml = new StringBuilder("kafka: {bootstrapServers: \"" + kafka.bootstrapServers()
                + "\", properties: {session.timeout.ms: \"" + SESSION_TIMEOUT_MS
                + "\"}}\nstore: store\nmetrics: {port: 0}\ningest: {stateDir: streams}\ntasks:\n");
        for (String task : TASKS) {
            String method = task.equals("self-evolution")
                    ? "{method: masked-tokens, maskedTokens: {masking: self-evolution, maskedEncoder: excluded}}"
                    : "{method: " + task + "}";
            yaml.append("  ")
                    .append(task)
                    .append(":\n    labels: [negative, positive]\n    training:\n      encoder: ")
                    .append(encoder)
                    .append("\n      objective: ")
                    .append(method)
                    .append("\n      replay: {share: 0.25, capacity: 20}\n      batching: {batchSize: ")
                    .append(BATCH_SIZE)
                    .append(", maxTokens: 16, idleAfter: PT1H}\n      checkpoints: {everySteps: ")
                    .append(STEPS_A_CHECKPOINT)
                    .append(", every: ")
                    .append(checkpointEvery)
                    .append(", keep: 3}\n");
        }
        return Files.writeString(Files.createDirectories(folder).resolve("millrace.yaml"), yaml);
    }

    /** Creates the topics that a broker lacks. */
    static void createTopics(KafkaConnection kafka) throws InterruptedException {
        try (Admin admin = Admin.create(kafka.clientProperties())) {
            Topics.createMissing(kafka, admin);
        }
    }

    /** Sends the examples of a range to every task. */
    static void send(KafkaConnection kafka, long first, long next) {
        for (String task : TASKS) {
            try (ExampleProducer producer = new ExampleProducer(kafka, task)) {
                for (long number = first; number < next; number++) {
                    producer.send(Json.write(example(number)).getBytes(UTF_8), List.of(), "example " + number);
                }
                producer.flush();
            }
        }
    }

    /** Gives every task a probe set. */
    static void sendProbes(KafkaConnection kafka) {
        for (String task : TASKS) {
            ProbeFile probeSet = new ProbeFile(task, "films", Distribution.IN_DISTRIBUTION);
            ProbeTopic.replace(
                    kafka,
                    probeSet,
                    LongStream.range(0, PROBES)
                            .mapToObj(number -> new ProbeExample(
                                    task, probeSet.probeSet(), probeSet.distribution(), example(FIRST_PROBE + number)))
                            .toList());
        }
    }

    private static LabelledExample example(long number) {
        String text = "film " + number + " " + WORDS.get((int) (number % WORDS.size())) + " "
                + WORDS.get((int) (number * 7 % 5));
        return new LabelledExample(
                Long.toString(number), text, null, number % 3 == 0 ? "negative" : "positive", null, null, null);
    }

    /** The announcements of all tasks, in the order of the topic. */
    static List<CheckpointAnnouncement> announcements(KafkaConnection kafka) {
        List<CheckpointAnnouncement> found = new ArrayList<>();
        TopicReader.readAll(
                kafka,
                Topics.CHECKPOINTS,
                record -> found.add(
                        Topics.CHECKPOINTS.valueSerde().deserializer().deserialize(record.topic(), record.value())));
        return found;
    }

    /** That announced checkpoints cover so many examples of every task. */
    static void assertTrained(KafkaConnection kafka, long examples) {
        Map<String, Long> trained = announcements(kafka).stream()
                .collect(Collectors.groupingBy(
                        announcement -> announcement.checkpoint().task(),
                        Collectors.summingLong(CheckpointAnnouncement::examples)));
        assertThat(trained).hasSize(TASKS.size()).allSatisfy((task, count) -> assertThat(count)
                .isEqualTo(examples));
    }

    /** Waits for {@link #assertTrained}. */
    static void awaitTrained(KafkaConnection kafka, long examples, Runnable alive) {
        await(alive, () -> assertTrained(kafka, examples));
    }

    /**
     * Waits until something holds.
     *
     * @param alive throws if something that should do the work does not run any more; then nobody waits further
     */
    static void await(Runnable alive, ThrowingRunnable done) {
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .failFast(alive::run)
                .untilAsserted(done);
        alive.run();
    }

    /** What {@link #await} asks of services in this process. */
    static Runnable running(LocalServices services) {
        return () -> assertThat(services.terminated()).isNotDone();
    }

    /** That every announced checkpoint has one evaluation and one verdict. */
    static void assertJudgedOnce(KafkaConnection kafka) {
        assertThat(Topicwise.values(kafka, Topics.EVALUATIONS))
                .extracting(CheckpointEvaluation::checkpoint)
                .containsExactlyInAnyOrderElementsOf(announced(kafka));
        assertOneVerdictEach(kafka);
    }

    /** The same, where checkpoints may have been deleted before they could be evaluated. */
    static void assertOneVerdictEach(KafkaConnection kafka) {
        assertThat(Topicwise.values(kafka, Topics.MODEL_UPDATES))
                .extracting(update -> update.model().checkpoint())
                .containsExactlyInAnyOrderElementsOf(announced(kafka));
    }

    private static List<CheckpointReference> announced(KafkaConnection kafka) {
        return announcements(kafka).stream()
                .map(CheckpointAnnouncement::checkpoint)
                .toList();
    }

    /** That the lineage of every task has no fault. */
    static void assertProven(KafkaConnection kafka, Path store) throws IOException {
        for (String task : TASKS) {
            assertThat(LineageCheck.of(kafka, store, task).faults()).as(task).isEmpty();
        }
    }

    /** The hashes of every file of a task's newest checkpoint. */
    static Map<String, FileHash> newest(KafkaConnection kafka, Path store, String task) {
        String location = announcements(kafka).stream()
                .map(CheckpointAnnouncement::checkpoint)
                .filter(checkpoint -> checkpoint.task().equals(task))
                .reduce((earlier, later) -> later)
                .orElseThrow()
                .location();
        return CheckpointManifest.readVerified(store.resolve(location)).files();
    }

    /**
     * The files that do not depend on where the examples lie: the watch for drift holds offsets, and transaction markers take some, so
     * that the same examples have others in another run.
     */
    static Map<String, FileHash> withoutOffsets(Map<String, FileHash> files) {
        Map<String, FileHash> others = new TreeMap<>(files);
        others.remove(DriftFile.NAME);
        return others;
    }
}
