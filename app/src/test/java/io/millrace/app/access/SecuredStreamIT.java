package io.millrace.app.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.app.MillraceMain;
import io.millrace.app.broker.RecordingAuthorizer.Grant;
import io.millrace.app.broker.SecuredBroker;
import io.millrace.app.config.MillraceConfig;
import io.millrace.app.service.RunningService;
import io.millrace.ingest.IngestConfig;
import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.DriftEvent;
import io.millrace.schemas.RequestOutcome;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topic;
import io.millrace.schemas.kafka.TopicReader;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A stream over TLS in which each command has a user of its own, with the rights that the document lists and no others: those of an
 * installation with a prefix, so that a name without it would be refused.
 */
class SecuredStreamIT {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String PREFIX = "ours-";
    private static final String PASSWORD = "open-sesame-";
    private static final long EXAMPLES_OF_A_CHECKPOINT = 24;

    @TempDir
    private static Path folder;

    private static SecuredBroker broker;
    private static final Map<String, Path> CONFIGS = new LinkedHashMap<>();

    @BeforeAll
    static void carryExamplesThrough() throws Exception {
        broker = SecuredBroker.start(folder.resolve("broker"));
        Users users = new Users(folder, broker, PREFIX);
        for (var command : AccessRights.byCommand(connection()).entrySet()) {
            String user = user(command.getKey());
            CONFIGS.put(command.getKey(), users.add(user, PASSWORD + user, command.getValue()));
        }
        try (LogCapture capture = LogCapture.start(folder.resolve("logged.txt"), folder.resolve("printed.txt"))) {
            beginStream();
            addPartitions();
            goOnWithStream();
        }
    }

    private static void beginStream() throws Exception {
        try (RunningService ingest = RunningService.ingest(config("ingest"), new SimpleMeterRegistry())) {
            run("produce", lines("texts", "the noon was number", null), "--texts", "--bad-lines", "send");
            run("produce", lines("early", "the day was number", Users.EARLY));
            try (RunningService trainer = RunningService.trainer(config("trainer"), new SimpleMeterRegistry())) {
                awaitCheckpoints(1, Topics.CHECKPOINTS, List.of(ingest, trainer));
            }
        }
    }

    /** To {@code examples}, so that ingest adds some to its memory, and the task's examples come to another partition than where it is remembered. */
    private static void addPartitions() throws Exception {
        int hash = Utils.toPositive(Utils.murmur2(Users.TASK.getBytes(UTF_8)));
        int before = Topics.EXAMPLES.partitions();
        int after = IntStream.iterate(before + 1, number -> number + 1)
                .filter(number -> hash % number != hash % before)
                .findFirst()
                .getAsInt();
        try (Admin admin = Admin.create(broker.connection().clientProperties())) {
            admin.createPartitions(Map.of(connection().named(Topics.EXAMPLES.name()), NewPartitions.increaseTo(after)))
                    .all()
                    .get();
        }
    }

    /** All read back what there is: ingest the state that it has lost, the trainer its checkpoint, a probe set its former self. */
    private static void goOnWithStream() throws Exception {
        Path probes = lines("probes", "the hour was number", Users.EARLY);
        run("probes load", probes, "--set", "known", "--distribution", "in");
        run("probes load", probes, "--set", "known", "--distribution", "in");
        try (RunningService evaluator = RunningService.evaluator(config("evaluator"), new SimpleMeterRegistry());
                RunningService trainer = RunningService.trainer(config("trainer"), new SimpleMeterRegistry());
                RunningService ingest = RunningService.ingest(movedIngest(), new SimpleMeterRegistry())) {
            run("produce", lines("wrong", "the year was number", "neither"), "--limit", "1", "--bad-lines", "send");
            run("produce", lines("late", "the night was number", Users.LATE));
            awaitCheckpoints(2, Topics.EVALUATIONS, List.of(ingest, trainer, evaluator));
            run("produce", lines("early-again", "the week was number", Users.EARLY));
            awaitCheckpoints(3, Topics.EVALUATIONS, List.of(ingest, trainer, evaluator));
            run("models", "list");
            run("models", "hold", "--reason", "a look at the labels");
            run("rejected list", "--rows=5");
            run("rejected replay", "--unchecked");
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(values(Topics.REJECTED_EXAMPLES))
                    .hasSize(3));
            command("doctor", "--config", CONFIGS.get("doctor").toString());
        }
    }

    private static void awaitCheckpoints(int count, Topic<?> topic, List<RunningService> services) {
        await().atMost(PATIENCE).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> {
            assertThat(services).allMatch(RunningService::alive);
            assertThat(values(topic)).hasSize(count);
        });
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void shouldCarryExamplesToAModel() {
        assertThat(values(Topics.CHECKPOINTS))
                .extracting(CheckpointAnnouncement::examples)
                .containsOnly(EXAMPLES_OF_A_CHECKPOINT);
        assertThat(values(Topics.MODEL_UPDATES)).hasSize(3);
        assertThat(values(Topics.DRIFT))
                .extracting(DriftEvent::metric)
                .contains("prequentialAccuracy", "accuracy/known");
        // That of a text, that of a label, and the second again after its replay.
        assertThat(values(Topics.REJECTED_EXAMPLES)).hasSize(3);
        assertThat(values(Topics.REQUEST_OUTCOMES))
                .extracting(RequestOutcome::result)
                .containsExactly(RequestOutcome.Result.DONE);
    }

    @Test
    void shouldUseEveryListedRight() {
        // Given
        Set<Grant> grants = broker.grants();

        // When
        List<String> unused = AccessRights.byCommand(connection()).entrySet().stream()
                .flatMap(command -> command.getValue().stream().flatMap(right -> right.operations().stream()
                        .filter(operation -> grants.stream()
                                .noneMatch(grant -> grant.user().equals("User:" + user(command.getKey()))
                                        && grant.operation() == operation
                                        && right.covers(grant.type(), grant.name())))
                        .map(operation -> command.getKey() + ": " + operation + " on " + right.resourceName())))
                .toList();

        // Then only what an exploded loss makes it read
        assertThat(unused).containsExactly("trainer: READ on topic ours-model-updates");
    }

    @Test
    void shouldNeverLogOrPrintAPassword() throws IOException {
        // When
        String logged = Files.readString(folder.resolve("logged.txt"));
        String printed = Files.readString(folder.resolve("printed.txt"));

        // Then
        assertThat(logged).contains("DEBUG org.apache.kafka.clients", "sasl.jaas.config = [hidden]");
        assertThat(printed)
                .contains("sent 24 examples of task sentiment", "unknown-label", "ok    topic configuration: ");
        assertThat(Stream.of(logged, printed).flatMap(String::lines))
                .noneMatch(line -> line.contains(PASSWORD) || line.contains("of-the-"));
    }

    @Test
    void shouldConnectAsTheDocumentShowsIt() throws Exception {
        // Given
        Path document = Path.of(System.getProperty("millrace.root"), "docs", "security.md");
        KafkaConnection kafka = connection();
        String shown = Files.readString(document)
                .replaceFirst("(?s).*```yaml\\n(.*?)```.*", "$1")
                .replace("broker-1:9092", kafka.bootstrapServers() + "\n  prefix: " + PREFIX)
                .replace("/etc/millrace/broker.pem", kafka.properties().get("ssl.truststore.location"))
                .replace("millrace-trainer", user("produce"));
        Path config = new Users(folder, broker, PREFIX).write("shown", shown);
        ProcessBuilder command = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                MillraceMain.class.getName(),
                "produce",
                lines("shown", "the minute was number", Users.EARLY).toString(),
                "--task",
                Users.TASK,
                "--config",
                config.toString());
        command.environment().put("MILLRACE_KAFKA_PASSWORD", PASSWORD + user("produce"));

        // When
        Process process = command.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);

        // Then
        assertThat(output).contains("sent 24 examples of task sentiment");
        assertThat(process.waitFor()).isZero();
    }

    private static KafkaConnection connection() {
        return broker.connection().withPrefix(PREFIX);
    }

    private static String user(String command) {
        return "millrace-" + command.replace(' ', '-');
    }

    private static MillraceConfig config(String command) {
        return MillraceConfig.read(CONFIGS.get(command));
    }

    /** That of ingest after it was moved to another machine. */
    private static MillraceConfig movedIngest() {
        MillraceConfig config = config("ingest");
        IngestConfig moved = new IngestConfig(folder.resolve("moved"), null, null);
        // By default what has gone through the topic between is deleted after half a minute.
        Map<String, String> properties = new LinkedHashMap<>(config.kafka().properties());
        properties.put("repartition.purge.interval.ms", "500");
        KafkaConnection kafka = new KafkaConnection(config.kafka().bootstrapServers(), properties, PREFIX);
        return new MillraceConfig(kafka, config.store(), config.metrics(), moved, config.tasks());
    }

    private static void run(String command, Path file, String... options) {
        run(command, file.toString(), options);
    }

    private static void run(String command, String parameter, String... options) {
        List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
        arguments.addAll(List.of(parameter, "--task", Users.TASK));
        arguments.addAll(List.of("--config", CONFIGS.get(command).toString()));
        arguments.addAll(List.of(options));
        command(arguments.toArray(String[]::new));
    }

    private static void command(String... arguments) {
        int exitCode = MillraceMain.run(
                new PrintWriter(System.out, true, UTF_8), new PrintWriter(System.err, true, UTF_8), arguments);
        assertThat(exitCode).isZero();
    }

    /** A file of examples, no two of which are the same. Without a label they are texts, and the first one is none. */
    private static Path lines(String name, String text, String label) throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < EXAMPLES_OF_A_CHECKPOINT; i++) {
            Map<String, String> line = new LinkedHashMap<>(Map.of("id", name + "-" + i, "text", text + " " + i));
            if (label != null) {
                line.put("label", label);
            } else if (i == 0) {
                line.remove("text");
            }
            lines.add(Json.write(line));
        }
        return Files.write(folder.resolve(name + ".jsonl"), lines);
    }

    private static <V> List<V> values(Topic<V> topic) {
        List<V> values = new ArrayList<>();
        TopicReader.readAll(
                connection(),
                topic,
                record -> values.add(topic.valueSerde().deserializer().deserialize(topic.name(), record.value())));
        return values;
    }
}
