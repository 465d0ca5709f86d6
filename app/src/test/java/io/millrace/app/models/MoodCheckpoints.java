package io.millrace.app.models;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.app.config.MillraceConfig;
import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.store.CheckpointManifest;
import io.millrace.trainer.checkpoint.CheckpointAnnouncer;
import io.millrace.trainer.checkpoint.CheckpointStore;
import io.millrace.trainer.learner.Learner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checkpoints of the task {@code mood}, written and announced as a trainer does, all with the weights of a tiny encoder. */
final class MoodCheckpoints {

    static final String TASK = "mood";

    private MoodCheckpoints() {}

    /** The configuration of an installation with this one task. */
    static Path config(Path folder, KafkaConnection kafka) throws IOException {
        Path encoder = Path.of(System.getProperty("millrace.root"), "encoder/src/test/resources/goldens/bert")
                .toAbsolutePath();
        return Files.writeString(
                folder.resolve("millrace.yaml"),
                """
                kafka: {bootstrapServers: "%s"}
                store: store
                metrics: {port: 0}
                tasks:
                  mood:
                    labels: [negative, positive]
                    training:
                      encoder: %s
                      objective: {method: plain}
                      compute: {device: cpu, precision: f32}
                      batching: {batchSize: 8, maxTokens: 16}
                    evaluation: {compute: {device: cpu, precision: f32}}
                """
                        .formatted(kafka.bootstrapServers(), encoder));
    }

    /** Writes and announces a checkpoint; its id. */
    static String announce(MillraceConfig config, long step) {
        CheckpointStore store = new CheckpointStore(config.store(), TASK);
        OffsetRange offsets = new OffsetRange(0, step - 1, step);
        try (Learner learner = Learner.start(config.trainedTasks().get(0));
                CheckpointAnnouncer announcer =
                        new CheckpointAnnouncer(config.kafka(), TASK, new SimpleMeterRegistry(), 1 << 20)) {
            CheckpointReference checkpoint = store.write(
                    step,
                    new CheckpointManifest.Lineage(null, "configuration", offsets, List.of()),
                    Set.of(),
                    learner::save);
            announcer.takeOver();
            announcer.announce(new CheckpointAnnouncement(checkpoint, null, offsets, 1, Map.of()), List.of());
            return checkpoint.id();
        }
    }
}
