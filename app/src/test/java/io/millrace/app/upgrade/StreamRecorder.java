package io.millrace.app.upgrade;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.app.broker.EmbeddedBroker;
import io.millrace.app.config.MillraceConfig;
import io.millrace.app.contract.Topicwise;
import io.millrace.app.produce.ExampleProducer;
import io.millrace.app.produce.ProbeFile;
import io.millrace.app.produce.ProbeTopic;
import io.millrace.app.service.LocalServices;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.DriftEvent;
import io.millrace.schemas.DriftPhase;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.ProbeExample;
import io.millrace.schemas.UnlabelledText;
import io.millrace.schemas.Verdict;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topic;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** Records a stream of this version into a new folder; no part of any build. */
class StreamRecorder {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final List<String> TASKS = List.of("films", "news");
    private static final int CHECKPOINTS = 5;
    private static final int EXAMPLES_PER_CHECKPOINT = 16;
    private static final int WAITING = 3;
    private static final int PROBES = 6;

    /** The checkpoints that see the early label; the later ones see the late label alone, and lose the early one. */
    private static final int EARLY = 3;

    private static final String CONFIG =
            """
            store: store
            ingest: {stateDir: streams}
            tasks:
              films:
                labels: [good, bad]
                training:
                  encoder: encoder
                  compute: {device: cpu}
                  objective: {method: smart}
                  optimizer: {learningRate: 0.1, schedule: {warmupSteps: 0}}
                  replay: {share: 0.12, capacity: 16}
                  batching: {batchSize: 8, maxTokens: 16, idleAfter: PT1H}
                  checkpoints: {everySteps: 2, every: PT1H, keep: 2}
                  drift: {window: 16, margin: 0.3}
                evaluation: {compute: {device: cpu}, keepModels: 2}
              news:
                labels: [good, fine]
                newLabels: grow
                maxLabels: 3
                training:
                  encoder: encoder
                  compute: {device: cpu}
                  objective:
                    method: masked-tokens
                    maskedTokens: {maskedEncoder: excluded, decoder: {layers: 1, warmupSteps: 2}}
                  optimizer: {learningRate: 0.1, schedule: {warmupSteps: 0}}
                  batching: {batchSize: 8, maxTokens: 16, unlabelledShare: 0.2, idleAfter: PT1H}
                  checkpoints: {everySteps: 2, every: PT1H, keep: 2}
                evaluation: {compute: {device: cpu}, keepModels: 2}
            """;

    @TempDir
    private Path work;

    private int sent;

    @Test
    void shouldRecordAStream() throws Exception {
        // Given
        Path folder = Files.createDirectories(Path.of(System.getProperty("millrace.upgrade.folder")));
        TinyEncoder.make(work.resolve(StoredStream.ENCODER), work.resolve("pre-training"));
        Path config = Files.writeString(work.resolve(StoredStream.CONFIG), CONFIG);
        try (EmbeddedBroker broker = EmbeddedBroker.start(work.resolve("broker"), 0)) {
            KafkaConnection kafka = broker.connection();
            prepare(kafka);

            // When
            SimpleMeterRegistry metrics = new SimpleMeterRegistry();
            try (LocalServices services =
                    LocalServices.start(MillraceConfig.read(config).withKafka(kafka), metrics)) {
                for (int checkpoint = 1; checkpoint <= CHECKPOINTS; checkpoint++) {
                    sendExamples(kafka, checkpoint <= EARLY ? "good" : "bad", EXAMPLES_PER_CHECKPOINT);
                    int verdicts = checkpoint * TASKS.size();
                    await().atMost(PATIENCE).untilAsserted(() -> {
                        assertThat(services.alive()).isTrue();
                        assertThat(Topicwise.values(kafka, Topics.MODEL_UPDATES))
                                .hasSize(verdicts);
                    });
                }
                sendExamples(kafka, "bad", WAITING);
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(metrics.find("millrace.trainer.pending").gauges().stream()
                                        .mapToDouble(gauge -> gauge.value())
                                        .sum())
                                .isEqualTo(TASKS.size() * WAITING));
            }

            // Then it holds whatever an upgrade could break
            assertWorthwhile(kafka);
            new StoredStream(folder).write(kafka, work);
        }
    }

    private static void assertWorthwhile(KafkaConnection kafka) {
        assertThat(Topicwise.values(kafka, Topics.CHECKPOINTS)).hasSize(CHECKPOINTS * TASKS.size());
        for (String task : TASKS) {
            assertThat(Topicwise.values(kafka, Topics.MODEL_UPDATES))
                    .filteredOn(update -> update.model().checkpoint().task().equals(task))
                    .extracting(ModelUpdate::verdict)
                    .contains(Verdict.PROMOTED, Verdict.REJECTED);
        }
        assertThat(Topicwise.values(kafka, Topics.DRIFT))
                .extracting(DriftEvent::phase)
                .contains(DriftPhase.STARTED);
        assertThat(Topicwise.records(kafka, Topics.REJECTED_EXAMPLES)).hasSize(TASKS.size());
    }

    private void prepare(KafkaConnection kafka) throws InterruptedException {
        try (Admin admin = Admin.create(kafka.clientProperties())) {
            Topics.createMissing(kafka, admin);
        }
        for (String task : TASKS) {
            load(kafka, new ProbeFile(task, "known", Distribution.IN_DISTRIBUTION), "the plot was good and warm ");
            load(kafka, new ProbeFile(task, "typos", Distribution.OUT_OF_DISTRIBUTION), "teh polt wsa god ");
            send(kafka, Topics.EXAMPLES, task, List.of("{\"id\":\"none\",\"text\":\"no label\"}"));
        }
        send(
                kafka,
                Topics.TEXTS,
                "news",
                IntStream.range(0, 24)
                        .mapToObj(i -> Json.write(new UnlabelledText(Integer.toString(i), "the scene was dull " + i)))
                        .toList());
    }

    private static void load(KafkaConnection kafka, ProbeFile set, String text) {
        List<ProbeExample> probes = IntStream.range(0, PROBES)
                .mapToObj(i ->
                        new ProbeExample(set.task(), set.probeSet(), set.distribution(), example(i, text + i, "good")))
                .toList();
        ProbeTopic.replace(kafka, set, probes);
    }

    private void sendExamples(KafkaConnection kafka, String label, int examples) {
        List<String> values = IntStream.range(sent, sent + examples)
                .mapToObj(i -> Json.write(example(i, "film number " + i + " is " + label, label)))
                .toList();
        TASKS.forEach(task -> send(kafka, Topics.EXAMPLES, task, values));
        sent += examples;
    }

    private static LabelledExample example(int id, String text, String label) {
        return new LabelledExample(Integer.toString(id), text, null, label, null, null, null);
    }

    private static void send(KafkaConnection kafka, Topic<?> topic, String task, List<String> values) {
        try (ExampleProducer producer = new ExampleProducer(kafka, topic, task)) {
            values.forEach(value -> producer.send(value.getBytes(UTF_8), List.of(), value));
            producer.flush();
        }
    }
}
