package io.millrace.app.models;

import static io.millrace.app.models.MoodCheckpoints.TASK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.app.MillraceMain;
import io.millrace.app.broker.EmbeddedBroker;
import io.millrace.app.config.MillraceConfig;
import io.millrace.app.service.RunningService;
import io.millrace.encoder.Compute;
import io.millrace.encoder.Precision;
import io.millrace.encoder.TextClassifier;
import io.millrace.encoder.tokens.TextInput;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.Verdict;
import io.millrace.schemas.follow.LentModel;
import io.millrace.schemas.follow.ModelFollower;
import io.millrace.schemas.follow.VerifiedModel;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A server that follows the models of a real evaluator, from before there is a topic until after the broker was away. */
class FollowedModelIT {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Compute COMPUTE = new Compute("cpu", Precision.F32);

    @TempDir
    private Path folder;

    private Path configFile;

    @Test
    void shouldServeWhatIsPromotedAndRolledBackTo() throws Exception {
        EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"), 0);
        try (LentModel<TextClassifier> model = new LentModel<>(directory -> TextClassifier.load(directory, COMPUTE))) {
            // Given
            KafkaConnection kafka = broker.connection();
            configFile = MoodCheckpoints.config(folder, kafka);
            MillraceConfig config = MillraceConfig.read(configFile);
            try (ModelFollower follower = ModelFollower.start(kafka, TASK, config.store(), model);
                    Admin admin = Admin.create(kafka.clientProperties())) {
                Topics.createMissing(kafka, admin);

                // When
                ModelUpdate first;
                try (RunningService evaluator = RunningService.evaluator(config, new SimpleMeterRegistry())) {
                    awaitServed(MoodCheckpoints.announce(config, 1), model);
                    first = model.source().orElseThrow().update();
                    String second = MoodCheckpoints.announce(config, 2);
                    promote(second);
                    awaitServed(second, model);
                    assertThat(evaluator.alive()).isTrue();
                }
                int port = Integer.parseInt(kafka.bootstrapServers().replaceFirst(".*:", ""));
                broker.close();
                broker = EmbeddedBroker.start(folder.resolve("broker"), port);
                rollBack(kafka, first);
                awaitServed(first.model().checkpoint().id(), model);

                // Then
                float[] row = model.use(
                        classifier -> classifier.probabilities(List.of(new TextInput("a good film", null)))[0]);
                assertThat(row).hasSize(2);
                assertThat(follower.skipped()).isZero();
                assertThat(follower.malformed()).isZero();
            }
        } finally {
            broker.close();
        }
    }

    private static void awaitServed(String id, LentModel<?> model) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(model.source().map(VerifiedModel::id))
                .contains(id));
    }

    /** Writes what an evaluator writes when it rolls back: the same model with another verdict. */
    private static void rollBack(KafkaConnection kafka, ModelUpdate to) throws Exception {
        ModelUpdate update =
                new ModelUpdate(Verdict.ROLLED_BACK, List.of(), to.model(), to.scores(), to.current(), to.lineage());
        try (KafkaProducer<String, ModelUpdate> producer = new KafkaProducer<>(
                kafka.clientProperties(),
                new StringSerializer(),
                Topics.MODEL_UPDATES.valueSerde().serializer())) {
            producer.send(new ProducerRecord<>(Topics.MODEL_UPDATES.name(), TASK, update))
                    .get();
        }
    }

    private void promote(String id) {
        StringWriter err = new StringWriter();
        int status = MillraceMain.run(
                new PrintWriter(new StringWriter()),
                new PrintWriter(err, true),
                "models",
                "promote",
                id,
                "--task",
                TASK,
                "--config",
                configFile.toString(),
                "--by",
                "alice",
                "--reason",
                "to be followed");
        assertThat(err.toString()).isEmpty();
        assertThat(status).isZero();
    }
}
