package io.millrace.app.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.app.broker.EmbeddedBroker;
import io.millrace.app.config.MillraceConfig;
import io.millrace.schemas.AcceptedExample;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.Origin;
import io.millrace.schemas.UnlabelledText;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.KeyPartition;
import io.millrace.schemas.kafka.Topics;
import io.millrace.schemas.store.FrozenWeights;
import io.millrace.trainer.TrainerService;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.lineage.CheckpointReproduction;
import io.millrace.trainer.lineage.LineageCheck;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** How a trainer resumes: from a topic that retention has emptied, with more partitions than before, beside a task that cannot be opened. */
class ResumedTrainerIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String PLAIN = "";
    private static final String READS_TEXTS = ", unlabelledShare: 0.5";

    /** Ends the section of the mini-batches and begins another. */
    private static final String ADAPTED = "}, tuning: {mode: lora";

    @TempDir
    private Path folder;

    private KafkaConnection kafka;
    private int sent;

    @Test
    void shouldTrainOnAfterRetentionHasRemovedEverything() throws Exception {
        try (EmbeddedBroker broker = start()) {
            // Given two tasks of one partition, of which one has been quiet for longer than the other
            String busy = "busy";
            String quiet = named("quiet", i -> partition("quiet" + i, 4) == partition(busy, 4));
            createTopics();
            try (TrainerService trainer = trainer(Map.of(busy, PLAIN, quiet, ADAPTED), new SimpleMeterRegistry())) {
                trainer.start();
                send(busy, 16, Optional.empty());
                send(quiet, 16, Optional.empty());
                awaitTrained(trainer, Map.of(busy, 16, quiet, 16));
                send(busy, 16, Optional.empty());
                awaitTrained(trainer, Map.of(busy, 32, quiet, 16));
            }
            deleteAll(partition(busy, 4));

            // When
            try (TrainerService trainer = trainer(Map.of(busy, PLAIN, quiet, ADAPTED), new SimpleMeterRegistry())) {
                trainer.start();
                send(quiet, 16, Optional.empty());
                send(busy, 16, Optional.empty());

                // Then
                awaitTrained(trainer, Map.of(busy, 48, quiet, 32));
            }
            assertProven(busy);
            assertProven(quiet);
            assertReproduced(quiet, "checkpoint-000004");
        }
    }

    @Test
    void shouldRefuseToPassOverWhatNobodyHasRead() throws Exception {
        try (EmbeddedBroker broker = start()) {
            // Given examples that retention removes before a trainer comes back
            createTopics();
            train16("lost");
            send("lost", 16, Optional.empty());
            deleteAll(partition("lost", 4));

            // When
            try (TrainerService trainer = trainer(Map.of("lost", PLAIN), new SimpleMeterRegistry())) {
                trainer.start();

                // Then the service ends with the cause
                assertThatThrownBy(() -> trainer.terminated().join())
                        .cause()
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageStartingWith("task lost: retention has removed the offsets ");
            }
        }
    }

    @Test
    void shouldTrainTheOthersWhenOneTaskCannotBeOpened() throws Exception {
        try (EmbeddedBroker broker = start()) {
            // Given
            createTopics();
            SimpleMeterRegistry metrics = new SimpleMeterRegistry();
            Map<String, String> tasks = Map.of("good", PLAIN, "bad", ", maxTokens: 1024");

            // When
            try (TrainerService trainer = trainer(tasks, metrics)) {
                trainer.start();
                send("bad", 16, Optional.empty());
                send("good", 16, Optional.empty());

                // Then
                awaitTrained(trainer, Map.of("good", 16));
                await().atMost(PATIENCE).until(() -> failed(metrics, "bad") == 1);
                assertThat(failed(metrics, "good")).isZero();
            }

            // When it is fixed
            try (TrainerService trainer = trainer(Map.of("good", PLAIN, "bad", PLAIN), metrics)) {
                trainer.start();

                // Then none of its examples was skipped
                awaitTrained(trainer, Map.of("good", 16, "bad", 16));
            }
        }
    }

    @Test
    void shouldReadTextsFromATopicWithOtherPartitionsAndCountThoseThatNobodyReads() throws Exception {
        try (EmbeddedBroker broker = start()) {
            // Given
            createTopics(new NewTopic("texts", 3, (short) 1), new NewTopic("accepted-examples", 8, (short) 1));
            SimpleMeterRegistry metrics = new SimpleMeterRegistry();
            int own = partition("reading", 3);

            // When
            sendTexts("reading", own, 16);
            sendTexts("reading", (own + 1) % 3, 2);
            try (TrainerService trainer = trainer(Map.of("reading", READS_TEXTS, "plain", PLAIN), metrics)) {
                trainer.start();
                send("reading", 16, Optional.empty());
                send("plain", 16, Optional.empty());

                // Then
                awaitTrained(trainer, Map.of("reading", 16, "plain", 16));
                await().atMost(PATIENCE).untilAsserted(() -> assertThat(metrics.find("millrace.trainer.foreign")
                                .tag("topic", "texts")
                                .tag("reason", "wrong-partition")
                                .counters())
                        .singleElement()
                        .satisfies(counter -> assertThat(counter.count()).isEqualTo(2)));
            }
            assertThat(Topicwise.values(kafka, Topics.CHECKPOINTS))
                    .filteredOn(announcement -> announcement.checkpoint().task().equals("reading"))
                    .allSatisfy(announcement ->
                            assertThat(announcement.texts().partition()).isEqualTo(own));
        }
    }

    @Test
    void shouldMoveWithItsKeyWhenPartitionsAreAdded() throws Exception {
        try (EmbeddedBroker broker = start()) {
            // Given a running trainer
            String task = movingTask();
            createTopics();
            try (TrainerService trainer = trainer(Map.of(task, PLAIN), new SimpleMeterRegistry())) {
                trainer.start();
                send(task, 16, Optional.empty());
                awaitTrained(trainer, Map.of(task, 16));

                // When
                addPartitions();
                send(task, 16, Optional.of(partition(task, 8)));

                // Then
                awaitTrained(trainer, Map.of(task, 32));
            }
            assertProven(task);
        }
    }

    @Test
    void shouldRefuseToMoveWhileExamplesWaitInTheOldPartition() throws Exception {
        try (EmbeddedBroker broker = start()) {
            // Given
            String task = movingTask();
            createTopics();
            train16(task);
            send(task, 5, Optional.empty());
            addPartitions();

            // When
            try (TrainerService trainer = trainer(Map.of(task, PLAIN), new SimpleMeterRegistry())) {
                trainer.start();

                // Then
                assertThatThrownBy(() -> trainer.terminated().join())
                        .cause()
                        .hasMessageContaining("its partition of accepted-examples is " + partition(task, 8)
                                + " now, and was " + partition(task, 4) + ", where 5 of its examples at offsets ");
            }
        }
    }

    private EmbeddedBroker start() {
        EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"), 0);
        kafka = new KafkaConnection(broker.connection().bootstrapServers(), Map.of("metadata.max.age.ms", "1000"));
        return broker;
    }

    /** Creates these, and the others as Millrace does. */
    private void createTopics(NewTopic... first) throws Exception {
        try (Admin admin = Admin.create(kafka.clientProperties())) {
            admin.createTopics(List.of(first)).all().get();
            Topics.createMissing(kafka, admin);
        }
    }

    /** A trainer of these tasks, each with more settings of its batching. */
    private TrainerService trainer(Map<String, String> tasks, SimpleMeterRegistry metrics) throws IOException {
        Path encoder = Path.of(System.getProperty("millrace.root"), "encoder/src/test/resources/goldens/bert")
                .toAbsolutePath();
        StringBuilder yaml = new StringBuilder("store: store\ningest: {stateDir: streams}\ntasks:\n");
        tasks.forEach((task, batching) -> yaml.append("  ")
                .append(task)
                .append(": {labels: [negative, positive], training: {encoder: ")
                .append(encoder)
                .append(", batching: {batchSize: 8, idleAfter: PT1H")
                .append(batching.contains("maxTokens") ? "" : ", maxTokens: 16")
                .append(batching)
                .append("}, checkpoints: {everySteps: 1}}}\n"));
        Path file = Files.writeString(folder.resolve("millrace.yaml"), yaml);
        return new TrainerService(
                kafka, folder.resolve("store"), MillraceConfig.read(file).trainedTasks(), metrics);
    }

    /** Trains 16 examples of a task, with a trainer that then stops. */
    private void train16(String task) throws IOException {
        try (TrainerService trainer = trainer(Map.of(task, PLAIN), new SimpleMeterRegistry())) {
            trainer.start();
            send(task, 16, Optional.empty());
            awaitTrained(trainer, Map.of(task, 16));
        }
    }

    /** A task whose partition changes when there are 8 instead of 4. */
    private static String movingTask() {
        return named("moving", i -> partition("moving" + i, 4) != partition("moving" + i, 8));
    }

    private static String named(String prefix, IntPredicate fits) {
        return prefix + IntStream.range(0, 1_000).filter(fits).findFirst().orElseThrow();
    }

    private static int partition(String task, int partitions) {
        return KeyPartition.of(task, partitions);
    }

    /** In a transaction, as ingest does: its marker takes an offset. */
    private void send(String task, int examples, Optional<Integer> partition) {
        Map<String, Object> settings = new HashMap<>(kafka.clientProperties());
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "examples");
        try (KafkaProducer<String, byte[]> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            for (int i = 0; i < examples; i++) {
                sent++;
                LabelledExample example = new LabelledExample(
                        Integer.toString(sent),
                        "film " + sent,
                        null,
                        sent % 2 == 0 ? "negative" : "positive",
                        null,
                        null,
                        null);
                String json = Json.write(new AcceptedExample(example, new Origin("examples", 0, sent, 0)));
                var unused = producer.send(
                        new ProducerRecord<>("accepted-examples", partition.orElse(null), task, json.getBytes(UTF_8)));
            }
            producer.commitTransaction();
        }
    }

    private void sendTexts(String task, int partition, int texts) {
        try (KafkaProducer<String, byte[]> producer =
                new KafkaProducer<>(kafka.clientProperties(), new StringSerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < texts; i++) {
                var unused = producer.send(new ProducerRecord<>(
                        "texts",
                        partition,
                        task,
                        Json.write(new UnlabelledText(Integer.toString(i), "text " + i))
                                .getBytes(UTF_8)));
            }
        }
    }

    private void awaitTrained(TrainerService trainer, Map<String, Integer> examples) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(trainer.terminated()).isNotDone();
            Map<String, Integer> trained = new HashMap<>();
            Topicwise.values(kafka, Topics.CHECKPOINTS)
                    .forEach(announcement -> trained.merge(
                            announcement.checkpoint().task(), (int) announcement.examples(), Integer::sum));
            assertThat(trained).isEqualTo(examples);
        });
    }

    private void assertProven(String task) throws IOException {
        assertThat(LineageCheck.of(kafka, folder.resolve("store"), task).faults())
                .as(task)
                .isEmpty();
    }

    private void assertReproduced(String task, String id) throws IOException {
        TrainedTask trained = MillraceConfig.read(folder.resolve("millrace.yaml")).trainedTasks().stream()
                .filter(one -> one.task().name().equals(task))
                .findFirst()
                .orElseThrow();
        Path checkpoint = folder.resolve("store").resolve(task).resolve(id);
        CheckpointReproduction.Result result =
                new CheckpointReproduction(trained, kafka, checkpoint).run(Files.createDirectory(folder.resolve(id)));
        assertThat(result.recorded()).containsKey(FrozenWeights.FILE_NAME).isEqualTo(result.made());
        assertThat(result.faults()).isEmpty();
    }

    private static double failed(SimpleMeterRegistry metrics, String task) {
        return metrics.get("millrace.trainer.failed").tag("task", task).gauge().value();
    }

    /** As retention does with a topic that is quiet. */
    private void deleteAll(int partition) throws Exception {
        try (Admin admin = Admin.create(kafka.clientProperties())) {
            admin.deleteRecords(Map.of(
                            new TopicPartition("accepted-examples", partition), RecordsToDelete.beforeOffset(-1)))
                    .all()
                    .get();
        }
    }

    private void addPartitions() throws Exception {
        try (Admin admin = Admin.create(kafka.clientProperties())) {
            admin.createPartitions(Map.of("accepted-examples", NewPartitions.increaseTo(8)))
                    .all()
                    .get();
        }
    }
}
