package io.millrace.app.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.app.broker.EmbeddedBroker;
import io.millrace.app.config.MillraceConfig;
import io.millrace.app.config.TaskConfig;
import io.millrace.app.service.LocalServices;
import io.millrace.encoder.Compute;
import io.millrace.encoder.Precision;
import io.millrace.evaluator.config.EvaluationConfig;
import io.millrace.evaluator.config.EvidenceConfig;
import io.millrace.ingest.IngestConfig;
import io.millrace.schemas.Assessment;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.DriftEvent;
import io.millrace.schemas.DriftPhase;
import io.millrace.schemas.GateRule;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.ProbeExample;
import io.millrace.schemas.TaskKind;
import io.millrace.schemas.Verdict;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topics;
import io.millrace.trainer.config.BatchingConfig;
import io.millrace.trainer.config.CheckpointConfig;
import io.millrace.trainer.config.OptimizerConfig;
import io.millrace.trainer.config.ScheduleConfig;
import io.millrace.trainer.config.TrainingConfig;
import io.millrace.trainer.config.TrainingConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A stream in which every label is wrong for a while: no model of that time is published, and all is well afterwards. */
class BadStreamIT {

    private static final int FIRST_WRONG = 480;
    private static final int NEXT_RIGHT = 720;
    private static final List<String> LABELS = List.of(
            "apr",
            "balance",
            "carry_on",
            "distance",
            "insurance",
            "mpg",
            "payday",
            "routing",
            "timezone",
            "translate",
            "uber",
            "w2");

    @TempDir
    private Path directory;

    @Test
    void shouldPublishNoModelThatLearnedWrongLabelsAndRecover() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"), 0)) {
            // Given
            KafkaConnection kafka = broker.connection();
            try (Admin admin = Admin.create(kafka.clientProperties())) {
                Topics.createMissing(kafka, admin);
            }
            List<LabelledExample> examples = StreamSlice.labelled("stream", LABELS);
            sendProbes(kafka);

            // When
            try (LocalServices services = LocalServices.start(config(kafka), new SimpleMeterRegistry())) {
                send(kafka, examples);
                await().atMost(Duration.ofMinutes(3)).untilAsserted(() -> {
                    assertThat(services.alive()).isTrue();
                    assertThat(Topicwise.trained(kafka)).isEqualTo(examples.size());
                    assertThat(Topicwise.values(kafka, Topics.MODEL_UPDATES))
                            .hasSameSizeAs(Topicwise.values(kafka, Topics.CHECKPOINTS));
                });
            }

            // Then
            List<ModelUpdate> updates = Topicwise.values(kafka, Topics.MODEL_UPDATES);
            List<ModelUpdate> wrong = updates.stream()
                    .filter(update -> update.lineage().offsets().first() >= FIRST_WRONG
                            && update.lineage().offsets().next() <= NEXT_RIGHT)
                    .toList();
            assertThat(wrong).isNotEmpty().extracting(ModelUpdate::verdict).containsOnly(Verdict.REJECTED);
            assertThat(wrong).extracting(ModelUpdate::assessment).contains(Assessment.REGRESSED);
            double before = accuracyOfLastPromoted(updates, FIRST_WRONG);
            assertThat(before).isGreaterThan(0.6);
            assertThat(accuracyOfLastPromoted(updates, examples.size())).isGreaterThan(before - 0.06);
            double lowest = wrong.stream()
                    .mapToDouble(update -> update.scores().get(0).accuracy())
                    .min()
                    .orElseThrow();
            assertThat(updates.get(updates.size() - 1).scores().get(0).accuracy())
                    .isGreaterThan(lowest + 0.1);
            assertDrift(kafka);
        }
    }

    private static void assertDrift(KafkaConnection kafka) {
        assertThat(Topicwise.values(kafka, Topics.DRIFT))
                .anySatisfy(event -> {
                    assertThat(event.metric()).isEqualTo("accuracy/known");
                    assertThat(event.phase()).isEqualTo(DriftPhase.STARTED);
                })
                .anySatisfy(event -> {
                    assertThat(event.metric()).isEqualTo("prequentialAccuracy");
                    assertThat(event.phase()).isEqualTo(DriftPhase.STARTED);
                    assertThat(event.episode().severity()).isEqualTo(DriftEvent.Severity.MAJOR);
                    // Transaction markers take offsets too.
                    assertThat(event.episode().began().first()).isBetween((long) FIRST_WRONG, (long) NEXT_RIGHT);
                    assertThat(event.episode().words()).isNotEmpty();
                    assertThat(event.episode().examples()).isNotEmpty();
                })
                .anySatisfy(event -> {
                    assertThat(event.metric()).isEqualTo("prequentialAccuracy");
                    assertThat(event.phase()).isEqualTo(DriftPhase.RECOVERED);
                });
    }

    private static double accuracyOfLastPromoted(List<ModelUpdate> updates, long next) {
        return updates.stream()
                .filter(update -> update.verdict() == Verdict.PROMOTED
                        && update.lineage().offsets().next() <= next)
                .reduce((one, later) -> later)
                .orElseThrow()
                .scores()
                .get(0)
                .accuracy();
    }

    private MillraceConfig config(KafkaConnection kafka) throws IOException {
        TrainingConfig training = TrainingConfigs.plain(StreamSlice.encoder(directory))
                .withCompute(new Compute("cpu", Precision.F32))
                .withOptimizer(new OptimizerConfig(8e-4, new ScheduleConfig(0, 0), null, null, null, null, null))
                .withBatching(new BatchingConfig(16, 32, null, Duration.ofSeconds(3)))
                .withCheckpoints(new CheckpointConfig(5, null, 3, null))
                .build();
        EvaluationConfig evaluation = new EvaluationConfig(new Compute("cpu", Precision.F32), null, null, null, null)
                .withGate(GateRule.EVIDENCE, new EvidenceConfig(null, null, null, null, 160L, null));
        return new MillraceConfig(
                kafka,
                directory.resolve("store"),
                null,
                new IngestConfig(directory.resolve("streams"), null, null),
                Map.of(
                        StreamSlice.TASK,
                        new TaskConfig(TaskKind.SINGLE, LABELS, null, null, null, 500, training, evaluation)));
    }

    private static void send(KafkaConnection kafka, List<LabelledExample> examples) {
        try (KafkaProducer<String, byte[]> producer =
                new KafkaProducer<>(kafka.clientProperties(), new StringSerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < examples.size(); i++) {
                LabelledExample example = examples.get(i);
                int label = LABELS.indexOf(example.label());
                boolean right = i < FIRST_WRONG || i >= NEXT_RIGHT;
                byte[] value = Json.write(Map.of(
                                "id",
                                example.id(),
                                "text",
                                example.text(),
                                "label",
                                LABELS.get(right ? label : (label + 1) % LABELS.size())))
                        .getBytes(UTF_8);
                var unused = producer.send(
                        new ProducerRecord<>(kafka.named(Topics.EXAMPLES.name()), StreamSlice.TASK, value));
            }
        }
    }

    private static void sendProbes(KafkaConnection kafka) throws IOException {
        try (KafkaProducer<String, ProbeExample> producer = new KafkaProducer<>(
                kafka.clientProperties(),
                new StringSerializer(),
                Topics.PROBES.valueSerde().serializer())) {
            for (LabelledExample example : StreamSlice.labelled("known", LABELS)) {
                ProbeExample probe = new ProbeExample(StreamSlice.TASK, "known", Distribution.IN_DISTRIBUTION, example);
                var unused = producer.send(new ProducerRecord<>(kafka.named(Topics.PROBES.name()), probe.key(), probe));
            }
        }
    }
}
